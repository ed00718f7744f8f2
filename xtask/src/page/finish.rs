//! The last step of bundling, which trunk calls: the library, the page of `/sample`, and small programs in a release.

use super::{css, glue, loader, names, order, pack};
use crate::library;
use crate::process;
use crate::trouble::{Done, OrSay, failed};
use crate::workspace::Workspace;
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::thread;

/// The program of `/`.
pub const PHONE: &str = "xc-phone";

/// The program of `/sample`.
const SAMPLE: &str = "xc-sample";

/// What its glue ends with, after trunk took the white space out.
const END_OF_GLUE: &str = "export{initSync,__wbg_init as default};";

/// The folder of the library, which the page of `/sample` loads as any page does.
const LIBRARY: &str = "lib";

/// The words that only those load who speak that language.
const WORDS: &str = "fr.txt";

/// What wasm-opt may use and should do. Every current browser has these features; bounds checks stay. Functions are
/// put in the place of their call less often than it would do by itself: it takes less when it is compressed.
const WASM_OPT: [&str; 12] = [
    "--optimize-level=2",
    "--shrink-level=2",
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

/// What it does, one after the other: what its `-Oz` does (Binaryen 108), but that a value which is needed twice is
/// mostly made twice (no `local-cse`, `notee`) and code stays where it was (no `code-pushing`). That is a little longer
/// and much more alike, so less when it is compressed.
const PASSES: &str = "duplicate-function-elimination memory-packing once-reduction \
    ssa-nomerge dce remove-unused-names remove-unused-brs remove-unused-names optimize-instructions \
    precompute-propagate optimize-added-constants-propagate simplify-locals-nostructure vacuum reorder-locals \
    remove-unused-brs merge-locals coalesce-locals simplify-locals-notee-nostructure vacuum reorder-locals \
    coalesce-locals reorder-locals vacuum code-folding merge-blocks remove-unused-brs remove-unused-names \
    merge-blocks precompute-propagate optimize-instructions rse vacuum \
    dae-optimizing inlining-optimizing duplicate-function-elimination duplicate-import-elimination \
    merge-similar-functions simplify-globals-optimizing remove-unused-module-elements directize \
    generate-stack-ir optimize-stack-ir";

/// Finishes what trunk put into its staging folder.
///
/// Trunk knows one page. `/sample` is the same page with another program, and with the library, so it is made of it here.
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

    let is_release = profile == "release";
    thread::scope(|scope| {
        let of_library = scope.spawn(|| library::build(workspace, is_release, &folder.join(LIBRARY)));
        if is_release {
            let of_sample = scope.spawn(|| sample.shrink(workspace));
            phone.shrink(workspace)?;
            of_sample.join().unwrap_or_else(|_| failed("the program of /sample could not be made small"))?;
        }
        of_library.join().unwrap_or_else(|_| failed("the library could not be built"))
    })?;
    phone.name_by_content()?;
    sample.name_by_content()?;
    let (mut of_phone, mut of_sample) =
        (built.replaced_in(&page, &phone)?, built.replaced_in(&page, &sample)?);
    of_sample = with_library(&of_sample, &folder.join(LIBRARY))?;
    if is_release {
        let words = name_words_by_content(&folder)?;
        for (page, program) in [(&mut of_phone, &phone), (&mut of_sample, &sample)] {
            *page = without_inline_script(page, &file_name(&program.glue))?.replace(WORDS, &words);
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

/// A page that loads the library first. Its address tells what is in it, for a cache for ever; its name is the one that
/// everybody loads.
fn with_library(page: &str, folder: &Path) -> Done<String> {
    let script = read(&folder.join(library::SCRIPT))?;
    let Some((head, rest)) = page.split_once("</head>") else {
        return failed("the page has no </head>, where the library belongs");
    };
    let tag = format!("<script src=\"{LIBRARY}/{}?{:x}\"></script>", library::SCRIPT, hash(&script));
    Ok([head, &tag, "</head>", rest].concat())
}

/// Gives the file with the words of the other language a name that tells what is in it.
fn name_words_by_content(folder: &Path) -> Done<String> {
    let file = folder.join(WORDS);
    Ok(file_name(&renamed(&file, &named_by("fr", &read(&file)?, ".txt"))?))
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

/// A page whose program begins by itself, and not by a script within the page: what is written in a page a strict
/// Content-Security-Policy does not run.
fn without_inline_script(page: &str, glue: &str) -> Done<String> {
    const END: &str = "</script>";
    let page = page.find("<script type=module>").and_then(|start| {
        let end = start + page[start..].find(END)? + END.len();
        let page = format!("{}{}", &page[..start], &page[end..]);
        with_link_replaced(&page, glue, &format!("<script src=/{glue} type=module></script>"))
    });
    page.map_or_else(|| failed("trunk's page does not begin its program as expected"), Ok)
}

/// A page with something else in the place of its link to that file.
fn with_link_replaced(page: &str, file: &str, other: &str) -> Option<String> {
    let at = page.find(file)?;
    let (start, end) = (page[..at].rfind("<link")?, at + page[at..].find('>')? + 1);
    Some(format!("{}{other}{}", &page[..start], &page[end..]))
}

/// Gives a program and its glue short names for each other; answers the glue.
pub fn shorten(glue: &str, wasm: &Path) -> Done<String> {
    let program = read(wasm)?;
    let (text, renaming) = glue::shorten(glue, &names::read(&program)?)?;
    write(wasm, &names::rename(&program, &renaming)?)?;
    Ok(text)
}

/// Makes a program small: its code, its functions in an order that compresses well, and packed.
pub fn optimise(workspace: &Workspace, wasm: &Path) -> Done {
    optimise_code(workspace, wasm)?;
    write(wasm, &pack::pack(&order::sort(&read(wasm)?)?)?)
}

/// Makes the code of a program small and fast.
pub fn optimise_code(workspace: &Workspace, wasm: &Path) -> Done {
    let mut optimiser = workspace.command("wasm-opt");
    optimiser.args(WASM_OPT).args(PASSES.split_whitespace().map(|pass| format!("--{pass}")));
    optimiser.arg(wasm).arg("--output").arg(wasm);
    process::run("wasm-opt", &mut optimiser)
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

    /// Gives program and glue short names for each other, makes the program small, and has the glue begin it: what
    /// keeps it from beginning is said in the page.
    fn shrink(&self, workspace: &Workspace) -> Done {
        let begin = format!(
            "load({{module_or_path:new URL({:?},import.meta.url)}}).catch(error=>document.body.append(error));",
            file_name(&self.wasm)
        );
        let glue = loader::put_in(&self.glue()?, END_OF_GLUE, &begin)?;
        write(&self.glue, shorten(&glue, &self.wasm)?.as_bytes())?;
        optimise(workspace, &self.wasm)
    }

    fn glue(&self) -> Done<String> {
        String::from_utf8(read(&self.glue)?).or_say(|| "the glue is no text".into())
    }

    /// Gives both files a name that tells what is in them. The glue has the name of the program in it.
    fn name_by_content(&mut self) -> Done {
        let wasm = renamed(&self.wasm, &named_by(self.name, &read(&self.wasm)?, "_bg.wasm"))?;
        let glue = self.glue()?.replace(&file_name(&self.wasm), &file_name(&wasm));
        write(&self.glue, glue.as_bytes())?;
        self.glue = renamed(&self.glue, &named_by(self.name, glue.as_bytes(), ".js"))?;
        self.wasm = wasm;
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
            page = with_link_replaced(&page, &file_name(other), "").unwrap_or(page);
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
    format!("{program}-{:x}{ending}", hash(content))
}

fn hash(content: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(content);
    hasher.finish()
}

/// Gives a file another name in its folder.
fn renamed(file: &Path, name: &str) -> Done<PathBuf> {
    let named = file.with_file_name(name);
    fs::rename(file, &named).or_say(|| format!("cannot rename {}", file.display()))?;
    Ok(named)
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
