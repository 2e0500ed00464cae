//! `pagelens what`: kinds, files inside files, and how it ends.

use super::headers::run;

#[test]
fn kinds_and_embedded_files_are_written_a_line_each() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let pdf = [&[2; 1000][..], b"%PDF-1.4\n", &[2; 50], b"dex\n039\0", &[2; 100]].concat();
    std::fs::write(path.join("dump"), &pdf).expect("written");
    std::fs::write(path.join("words"), b"plain words\n").expect("written");
    std::fs::write(path.join("none"), b"").expect("written");
    let header = br#"{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#;
    let tensors = [&(header.len() as u64).to_le_bytes()[..], header, b"x"].concat();
    std::fs::write(path.join("m.safetensors"), tensors).expect("written");
    assert_eq!(
        run(path, &["what", "dump", "words", "none", "m.safetensors"]),
        (
            0,
            String::from(
                "dump: data of unknown kind\nwords: ASCII text (text/plain)\nnone: empty file\nm.safetensors: safetensors file with 1 array\n"
            )
        )
    );
    assert_eq!(
        run(path, &["what", "dump", "--embedded"]),
        (0, String::from("dump: data of unknown kind\n0x000003e8  PDF document\n"))
    );
    assert_eq!(run(path, &["what", "dump", "--embedded", "--range", "1001:"]).1.lines().count(), 1);
    assert_eq!(run(path, &["what", "dump", "--embedded", "--limit", "0"]).1.lines().count(), 1);
    let (code, json) = run(path, &["what", "dump", "words", "--embedded", "--json"]);
    assert_eq!(code, 0);
    assert_eq!(
        json,
        "{\"files\": [\n  {\"file\": \"dump\", \"kind\": null, \"media_type\": null, \"extension\": null, \"embedded\": [\n    {\"offset\": 1000, \"length\": null, \"kind\": \"PDF document\", \"extension\": \"pdf\"}]},\n  {\"file\": \"words\", \"kind\": \"ASCII text\", \"media_type\": \"text/plain\", \"extension\": \"txt\", \"embedded\": []}\n]}\n"
    );
}

#[test]
fn what_can_not_be_told_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    std::fs::write(path.join("a"), b"abc").expect("written");
    let (code, text) = run(path, &["what", "b", "a"]);
    assert!(
        code == 3 && text.contains("b: there is no such file.") && text.contains("a: ASCII text"),
        "{text}"
    );
    let (code, text) = run(path, &["what", "a::w"]);
    assert!(code == 2 && text.contains("name a file, without :: and an array"), "{text}");
    assert_eq!(run(path, &["what"]).0, 2);
    assert_eq!(run(path, &["what", "a", "--embedded", "--range", "9:"]).0, 2);
}
