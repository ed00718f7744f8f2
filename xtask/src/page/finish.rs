//! The last step of bundling, which trunk calls: the page of `/sample`, and small programs in a release.

use super::{css, glue, names, order};
use crate::process;
use crate::trouble::{Done, OrSay, failed};
use crate::workspace::Workspace;
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::thread;

/// The program of `/`.
const PHONE: &str = "xc-phone";

/// The program of `/sample`.
const SAMPLE: &str = "xc-sample";

/// The words that only those load who speak that language.
const WORDS: &str = "fr.txt";

/// What wasm-opt may use and should do. Every current browser has these features; bounds checks stay. Functions are
/// put in the place of their call less often than it would do by itself: it takes less when it is compressed.
const WASM_OPT: [&str; 11] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--low-memory-unused",
    "--always-inline-max-function-size=0",
    "--flexible-inline-max-function-size=0",
    "--one-caller-inline-max-function-size=0",
];

/// Finishes what trunk put into its staging folder.
///
/// Trunk knows one page. `/sample` is the same page with another program, so it is made of it here.
pub fn finish(workspace: &Workspace) -> Done {
    let (Some(folder), Some(profile)) = (env::var_os("TRUNK_STAGING_DIR"), env::var_os("TRUNK_PROFILE"))
    else {
        return failed(
            "this is a step that trunk calls; for the page use `cargo xtask run` or `cargo xtask dist`",
        );
    };
    let folder = PathBuf::from(folder);
    let (mut phone, mut sample) = (Program::find(&folder, PHONE)?, Program::find(&folder, SAMPLE)?);
    let index = folder.join("index.html");
    let page = fs::read_to_string(&index).or_say(|| format!("cannot read {}", index.display()))?;
    let built = phone.clone();

    if profile == "release" {
        let (of_phone, of_sample) = thread::scope(|scope| {
            let other = scope.spawn(|| sample.shrink(workspace));
            (phone.shrink(workspace), other.join())
        });
        of_phone?;
        of_sample.unwrap_or_else(|_| failed("the program of /sample could not be made small"))?;
    }
    phone.name_by_content()?;
    sample.name_by_content()?;
    let (mut of_phone, mut of_sample) =
        (built.replaced_in(&page, &phone)?, built.replaced_in(&page, &sample)?);
    if profile == "release" {
        let words = name_words_by_content(&folder)?;
        for page in [&mut of_phone, &mut of_sample] {
            *page = page.replace(WORDS, &words);
        }
        let sheets = linked_sheets(&folder, &page)?;
        of_phone = phone.with_its_sheet(&of_phone, &sheets)?;
        of_sample = sample.with_its_sheet(&of_sample, &sheets)?;
        for sheet in sheets {
            fs::remove_file(&sheet).or_say(|| format!("cannot remove {}", sheet.display()))?;
        }
    }
    write(&index, of_phone.as_bytes())?;
    let folder = folder.join("sample");
    fs::create_dir_all(&folder).or_say(|| format!("cannot make {}", folder.display()))?;
    write(&folder.join("index.html"), of_sample.as_bytes())
}

/// Gives the file with the words of the other language a name that tells what is in it.
fn name_words_by_content(folder: &Path) -> Done<String> {
    let file = folder.join(WORDS);
    let name = named_by("fr", &read(&file)?, ".txt");
    fs::rename(&file, folder.join(&name)).or_say(|| format!("cannot rename {}", file.display()))?;
    Ok(name)
}

/// The style sheets that a page links to, in the order of their links.
fn linked_sheets(folder: &Path, page: &str) -> Done<Vec<PathBuf>> {
    let mut sheets = Vec::new();
    for entry in fs::read_dir(folder).or_say(|| format!("cannot read {}", folder.display()))? {
        let path = entry.or_say(|| format!("cannot read {}", folder.display()))?.path();
        if path.extension().is_some_and(|kind| kind == "css") {
            sheets.extend(page.find(&file_name(&path)).map(|at| (at, path)));
        }
    }
    sheets.sort();
    Ok(sheets.into_iter().map(|(_, path)| path).collect())
}

/// A page without its link to that file.
fn without_link(page: &str, file: &str) -> Option<String> {
    let at = page.find(file)?;
    let (start, end) = (page[..at].rfind("<link")?, at + page[at..].find('>')? + 1);
    Some(format!("{}{}", &page[..start], &page[end..]))
}

/// Gives a program and its glue short names for each other; answers the glue.
pub fn shorten(glue: &str, wasm: &Path) -> Done<String> {
    let program = read(wasm)?;
    let (text, renaming) = glue::shorten(glue, &names::read(&program)?)?;
    write(wasm, &names::rename(&program, &renaming)?)?;
    Ok(text)
}

/// Makes a program small: code by wasm-opt, and its functions in an order that compresses well.
pub fn optimise(workspace: &Workspace, wasm: &Path) -> Done {
    let mut optimiser = workspace.command("wasm-opt");
    optimiser.args(WASM_OPT).arg(wasm).arg("--output").arg(wasm);
    process::run("wasm-opt", &mut optimiser)?;
    write(wasm, &order::sort(&read(wasm)?)?)
}

/// A compiled program and its glue.
#[derive(Clone)]
struct Program {
    name: &'static str,
    wasm: PathBuf,
    glue: PathBuf,
}

impl Program {
    /// Finds what trunk named `NAME-HASH.js` or `NAME.js`, and the program to it.
    fn find(folder: &Path, name: &'static str) -> Done<Self> {
        let doing = || format!("cannot read {}", folder.display());
        let mut program = Program { name, wasm: PathBuf::new(), glue: PathBuf::new() };
        for entry in fs::read_dir(folder).or_say(doing)? {
            let path = entry.or_say(doing)?.path();
            match path.file_name().and_then(|file| file.to_str()?.strip_prefix(name)) {
                Some(rest) if rest.ends_with("_bg.wasm") => program.wasm = path,
                Some(rest) if rest.ends_with(".js") => program.glue = path,
                _ => {}
            }
        }
        if program.wasm.as_os_str().is_empty() || program.glue.as_os_str().is_empty() {
            return failed(format!("trunk left no program {name} in {}", folder.display()));
        }
        Ok(program)
    }

    /// Gives program and glue short names for each other, has the program optimised, and its functions sorted.
    fn shrink(&self, workspace: &Workspace) -> Done {
        let text = String::from_utf8(read(&self.glue)?).or_say(|| "the glue is no text".into())?;
        write(&self.glue, shorten(&text, &self.wasm)?.as_bytes())?;
        optimise(workspace, &self.wasm)
    }

    /// Gives both files a name that tells what is in them.
    fn name_by_content(&mut self) -> Done {
        for (file, ending) in [(&mut self.wasm, "_bg.wasm"), (&mut self.glue, ".js")] {
            let named = file.with_file_name(named_by(self.name, &read(file)?, ending));
            fs::rename(&*file, &named).or_say(|| format!("cannot rename {}", file.display()))?;
            *file = named;
        }
        Ok(())
    }

    /// The page with one style sheet, made of what this program uses of those.
    fn with_its_sheet(&self, page: &str, sheets: &[PathBuf]) -> Done<String> {
        let Some((first, others)) = sheets.split_first() else {
            return failed("the page links to no style sheet");
        };
        let texts = sheets.iter().map(|sheet| {
            String::from_utf8(read(sheet)?).or_say(|| format!("{} is no text", sheet.display()))
        });
        let sheet = css::used(&texts.collect::<Done<Vec<_>>>()?, &read(&self.wasm)?);
        let name = named_by(self.name, sheet.as_bytes(), ".css");
        write(&first.with_file_name(&name), sheet.as_bytes())?;
        let mut page = page.replace(&file_name(first), &name);
        for other in others {
            page = without_link(&page, &file_name(other)).unwrap_or(page);
        }
        Ok(page)
    }

    /// The page with another program in the place of this one.
    fn replaced_in(&self, page: &str, other: &Program) -> Done<String> {
        let mut page = page.to_string();
        for (old, new) in [(&self.wasm, &other.wasm), (&self.glue, &other.glue)] {
            let (old, new) = (file_name(old), file_name(new));
            if !page.contains(&old) {
                return failed(format!("trunk's page does not load {old}"));
            }
            page = page.replace(&old, &new);
        }
        Ok(page)
    }
}

/// A file's name that tells what is in it: files of the same name are the same, for a cache for ever.
fn named_by(program: &str, content: &[u8], ending: &str) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    format!("{program}-{:x}{ending}", hasher.finish())
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn read(path: &Path) -> Done<Vec<u8>> {
    fs::read(path).or_say(|| format!("cannot read {}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Done {
    fs::write(path, bytes).or_say(|| format!("cannot write {}", path.display()))
}
