//! The desktop portal's file chooser, asked over the session bus.
//!
//! The calls are those of `org.freedesktop.portal.FileChooser` and `org.freedesktop.portal.Request`. Asked by ourselves
//! because the answer tells what common crates drop: that the portal failed rather than the user cancelled, and that
//! 'read-only' was ticked. It waits for the user, so it belongs on a worker.

use super::{Answer, Question};
use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::Type;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{MatchRule, Message};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const OBJECT: &str = "/org/freedesktop/portal/desktop";
const CHOOSER: &str = "org.freedesktop.portal.FileChooser";
const REQUEST: &str = "org.freedesktop.portal.Request";
const BUS: &str = "org.freedesktop.DBus";

/// Numbers the requests of this process.
static ASKED: AtomicU64 = AtomicU64::new(0);

/// Shows the chooser and waits for the user.
pub(super) fn ask(question: &Question) -> Answer {
    try_ask(question).unwrap_or_else(|error| Answer::Failed(error.to_string()))
}

fn try_ask(question: &Question) -> zbus::Result<Answer> {
    let connection = Connection::session()?;
    let token = format!("pagelens_{}", ASKED.fetch_add(1, Ordering::Relaxed));
    let sender = connection.unique_name().map_or("", |name| name.as_str());
    let request = format!("{OBJECT}/request/{}/{token}", sender.trim_start_matches(':').replace('.', "_"));
    let messages = MessageIterator::from(&connection);
    // Before the call, as the answer may come before its reply.
    let bus = DBusProxy::new(&connection)?;
    let answered = MatchRule::builder().msg_type(Type::Signal).interface(REQUEST)?.member("Response")?;
    bus.add_match_rule(answered.build())?;
    let gone = MatchRule::builder().msg_type(Type::Signal).sender(BUS)?.member("NameOwnerChanged")?;
    bus.add_match_rule(gone.arg(0, PORTAL)?.build())?;

    let method = if question.saves { "SaveFile" } else { "OpenFile" };
    let body = (question.parent.as_str(), question.title, options(question, &token));
    connection.call_method(Some(PORTAL), OBJECT, Some(CHOOSER), method, &body)?;
    for message in messages {
        if let Some(answer) = answer_in(&message?, &request)? {
            return Ok(answer);
        }
    }
    Ok(Answer::Failed(String::from("the connection to the session bus was lost")))
}

fn options<'a>(question: &'a Question, token: &'a str) -> HashMap<&'static str, Value<'a>> {
    let mut options = HashMap::from([("handle_token", Value::from(token)), ("modal", Value::from(true))]);
    if let Some(folder) = &question.folder {
        // A path is bytes that end with a zero.
        let bytes: Vec<u8> = folder.as_os_str().as_bytes().iter().copied().chain([0]).collect();
        options.insert("current_folder", Value::from(bytes));
    }
    match &question.name {
        Some(name) => options.insert("current_name", Value::from(name.as_str())),
        None => options.insert("multiple", Value::from(true)),
    };
    options
}

/// The user's answer, if the message is it.
fn answer_in(message: &Message, request: &str) -> zbus::Result<Option<Answer>> {
    let header = message.header();
    let member = header.member().map_or("", |member| member.as_str());
    match (header.interface().map_or("", |interface| interface.as_str()), member) {
        (REQUEST, "Response") if header.path().is_some_and(|path| path.as_str() == request) => {
            let (code, results): (u32, HashMap<String, OwnedValue>) = message.body().deserialize()?;
            Ok(Some(answer_of(code, results)))
        }
        (BUS, "NameOwnerChanged") => {
            let (name, _, owner): (String, String, String) = message.body().deserialize()?;
            let ended = name == PORTAL && owner.is_empty();
            Ok(ended.then(|| Answer::Failed(String::from("the desktop portal stopped"))))
        }
        _ => Ok(None),
    }
}

/// 0 is an answer, 1 is 'cancelled', everything else a failure.
fn answer_of(code: u32, mut results: HashMap<String, OwnedValue>) -> Answer {
    match code {
        0 => {}
        1 => return Answer::Cancelled,
        code => return Answer::Failed(format!("the desktop portal ended the request with code {code}")),
    }
    let uris = results.remove("uris").and_then(|uris| Vec::<String>::try_from(uris).ok()).unwrap_or_default();
    let writable = results.remove("writable").and_then(|writable| bool::try_from(writable).ok());
    let paths: Vec<PathBuf> = uris.iter().filter_map(|uri| path_of(uri)).collect();
    if paths.is_empty() {
        return Answer::Failed(String::from("the desktop portal did not return a local file"));
    }
    Answer::Chosen { paths, read_only: writable == Some(false) }
}

/// The path in `file:///a%20b`.
fn path_of(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    let path = &rest[rest.find('/')?..];
    let mut bytes = Vec::with_capacity(path.len());
    let mut left = path.as_bytes();
    while let Some((first, rest)) = left.split_first() {
        let digits = (*first == b'%').then(|| rest.get(..2)).flatten();
        let coded = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(coded.unwrap_or(*first));
        left = if coded.is_some() { &rest[2..] } else { rest };
    }
    Some(PathBuf::from(OsString::from_vec(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(uris: &[&str], writable: Option<bool>) -> HashMap<String, OwnedValue> {
        let uris: Vec<String> = uris.iter().map(|uri| (*uri).to_owned()).collect();
        let mut results =
            HashMap::from([(String::from("uris"), OwnedValue::try_from(Value::from(uris)).unwrap())]);
        if let Some(writable) = writable {
            results.insert(String::from("writable"), OwnedValue::from(writable));
        }
        results
    }

    #[test]
    fn read_only_is_what_the_portal_calls_not_writable() {
        for (writable, read_only) in [(None, false), (Some(true), false), (Some(false), true)] {
            let answer = answer_of(0, results(&["file:///a/b%20c%2500"], writable));
            let Answer::Chosen { paths, read_only: found } = answer else { panic!("{answer:?}") };
            assert_eq!((paths, found), (vec![PathBuf::from("/a/b c%00")], read_only));
        }
    }

    #[test]
    fn a_failure_is_no_cancel() {
        assert!(matches!(answer_of(1, HashMap::new()), Answer::Cancelled));
        assert!(matches!(answer_of(2, HashMap::new()), Answer::Failed(_)));
        assert!(matches!(answer_of(0, results(&["https://a/b"], None)), Answer::Failed(_)));
        assert!(matches!(answer_of(0, HashMap::new()), Answer::Failed(_)));
    }

    #[test]
    fn any_byte_can_be_in_a_path() {
        assert_eq!(path_of("file:///%ff%"), Some(PathBuf::from(OsString::from_vec(b"/\xff%".to_vec()))));
        assert_eq!(path_of("file://host/a"), Some(PathBuf::from("/a")));
        assert_eq!(path_of("file:"), None);
    }
}
