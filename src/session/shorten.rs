//! Names that have to fit and to be told apart.
//!
//! The end of a name says as much as its beginning (`model-00017-of-00030.safetensors`), so it is shortened in the
//! middle, but at its beginning if it is deep in a tree; files of one name show as much of their folders as tells them
//! apart.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;

/// A name in at most `room`, with '…' in its middle where it is longer. `width` is how much a character takes, `room` is
/// in the same unit.
pub fn shortened(name: &str, room: f32, width: impl Fn(char) -> f32) -> Cow<'_, str> {
    fit(name, room, 0.6, width)
}

/// The end of a name in at most `room`, with '…' before it where it is longer.
pub fn end_of(name: &str, room: f32, width: impl Fn(char) -> f32) -> Cow<'_, str> {
    fit(name, room, 0.0, width)
}

/// `head` is the part of the room that the beginning gets.
fn fit(name: &str, room: f32, head: f32, width: impl Fn(char) -> f32) -> Cow<'_, str> {
    if name.chars().map(&width).sum::<f32>() <= room {
        return Cow::Borrowed(name);
    }
    let room = (room - width('…')).max(0.0);
    let mut start = 0;
    let mut used = 0.0;
    for (at, c) in name.char_indices() {
        let next = used + width(c);
        if next > room * head {
            break;
        }
        (used, start) = (next, at + c.len_utf8());
    }
    let mut end = name.len();
    for (at, c) in name.char_indices().rev() {
        used += width(c);
        if used > room || at < start {
            break;
        }
        end = at;
    }
    Cow::Owned(format!("{}…{}", &name[..start], &name[end..]))
}

/// For each tab the end of its folder that tells it apart from others of the same title; nothing where none has it, or
/// where there is no file. Costs what the paths of equal titles cost, however many others there are.
pub fn told_apart(tabs: &[(&str, Option<&Path>)]) -> Vec<Option<String>> {
    let mut alike: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, (title, _)) in tabs.iter().enumerate() {
        alike.entry(title).or_default().push(at);
    }
    let mut told = vec![None; tabs.len()];
    for group in alike.into_values().filter(|group| group.len() > 1) {
        let folders: Vec<Vec<Cow<'_, str>>> = group.iter().map(|at| folders_of(tabs[*at].1)).collect();
        let most = folders.iter().map(Vec::len).max().unwrap_or(0);
        let mut depth = vec![1; group.len()];
        for level in 1..most {
            let mut same: HashMap<&[Cow<'_, str>], usize> = HashMap::new();
            let end = |at: usize| &folders[at][folders[at].len().saturating_sub(level)..];
            (0..group.len()).for_each(|at| *same.entry(end(at)).or_default() += 1);
            (0..group.len()).filter(|at| same[end(*at)] > 1).for_each(|at| depth[at] = level + 1);
        }
        for (at, place) in group.into_iter().enumerate() {
            let from = folders[at].len().saturating_sub(depth[at]);
            told[place] = Some(folders[at][from..].join(std::path::MAIN_SEPARATOR_STR))
                .filter(|words| !words.is_empty());
        }
    }
    told
}

/// The names of the folders that a file lies in, the outermost first.
fn folders_of(path: Option<&Path>) -> Vec<Cow<'_, str>> {
    let folder = path.and_then(Path::parent);
    folder.map_or_else(Vec::new, |folder| {
        let parts = folder.components().map(|part| part.as_os_str().to_string_lossy());
        parts.filter(|part| !part.is_empty()).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_beginning_and_more_of_its_end() {
        let name = "model-00017-of-00030.safetensors";
        assert_eq!(shortened(name, 32.0, |_| 1.0), name);
        let short = shortened(name, 20.0, |_| 1.0);
        assert_eq!((short.as_ref(), short.chars().count()), ("model-00017…etensors", 20));
        assert_eq!(end_of(name, 12.0, |_| 1.0), "…safetensors");
        assert_eq!(shortened("äöü-äöü", 4.0, |_| 1.0), "ä…öü");
        assert_eq!(shortened("abc", 0.0, |_| 1.0), "…");
    }

    #[test]
    fn equal_names_show_as_much_of_their_folder_as_tells_them_apart() {
        let paths = ["/a/run-1/out/x.bin", "/a/run-2/out/x.bin", "/b/x.bin", "/a/y.bin"].map(Path::new);
        let tabs: Vec<(&str, Option<&Path>)> = paths
            .iter()
            .map(|path| (&path.to_str().unwrap()[path.to_str().unwrap().len() - 5..], Some(*path)))
            .collect();
        let sep = std::path::MAIN_SEPARATOR_STR;
        let told = told_apart(&tabs);
        assert_eq!(told[0], Some(["run-1", "out"].join(sep)));
        assert_eq!(told[1], Some(["run-2", "out"].join(sep)));
        assert_eq!((told[2].as_deref(), told[3].as_deref()), (Some("b"), None));
        assert_eq!(told_apart(&[("untitled", None), ("untitled", None)]), [None, None]);
    }
}
