//! What must hold for any bytes: the fuzz targets of `fuzz/` check it, and here it is checked for their seeds and for what
//! they once found.

pub mod conversation;
pub mod cti;
pub mod parser;
pub mod sdp;

/// Every file below `tests/data` through every check: the seeds of the fuzz targets and their finds.
#[test]
fn the_corpus_holds() {
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data"))];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let data = std::fs::read(&path).unwrap();
            println!("{}", path.display());
            parser::check(&data);
            sdp::check(&data);
            cti::check(&data);
            conversation::check(&data);
            files += 1;
        }
    }
    assert!(files > 60);
}
