//! The types for TypeScript: what is right compiles, and a misspelt name does not.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::settings::setting;
use crate::support::stage::story;

const RIGHT: &str = r#"
import xc_webrtc, { Cti, type IncomingEvent } from "LIBRARY";
const remove = xc_webrtc.setHandler(xc_webrtc.MessageType.INCOMING, event => {
  if (event.type === "Setup")
    console.log(event.data.caller.length, event.sipCallId);
  if (event.type === xc_webrtc.Incoming.TERMINATED)
    console.log(event.data.reason);
});
xc_webrtc.setHandler("outgoing", event => {
  switch (event.type) {
    case "Ringing": return event.data.callee.trim();
    case "RemoteHold": return event.sipCallId;
  }
});
const start = async (line: { name: string; password: string }) => {
  await Cti.login("", "a", "b");
  await xc_webrtc.initByLineConfig(line, "Someone", true, 443, async () => "token");
  const id: string | undefined = xc_webrtc.dial("1002", true);
  if (id && xc_webrtc.hold())
    xc_webrtc.calls().map(call => call.party.name?.length);
  xc_webrtc.setIceUrls([{ urls: "stun:s" }, { url: "turn:t", username: "u", credential: "c" }]);
};
export const used: [typeof remove, typeof start, IncomingEvent | undefined] = [remove, start, undefined];
"#;

const WRONG: [&str; 8] = [
    r#"xc_webrtc.setHandler("incomming", () => {});"#,
    r#"xc_webrtc.setHandler("incoming", event => event.type === "Terminatd");"#,
    r#"xc_webrtc.setHandler("outgoing", event => event.type === "Setup");"#,
    r#"xc_webrtc.setHandler("incoming", event => { if (event.type === "Setup") event.data.callee; });"#,
    r#"xc_webrtc.setHandler("incoming", event => { if (event.type === "Hold") event.data.reason; });"#,
    r#"xc_webrtc.Incoming.AUTOANSWERED;"#,
    r#"xc_webrtc.hangUp();"#,
    r#"xc_webrtc.getSipStackStatus() === "Stoped";"#,
];

/// What the compiler says of these files, which are put beside the library.
fn complaints(files: &[(String, String)]) -> String {
    let folder = Path::new(&setting("XC_LIBRARY")).with_file_name("");
    let mut tsc = Command::new("tsc");
    tsc.current_dir(&folder).args([
        "--noEmit",
        "--strict",
        "--target",
        "es2020",
        "--moduleResolution",
        "node",
    ]);
    for (name, text) in files {
        fs::write(folder.join(name), text.replace("LIBRARY", "./lib/xc_webrtc")).unwrap();
        tsc.arg(name);
    }
    String::from_utf8_lossy(&tsc.output().unwrap().stdout).into_owned()
}

#[test]
fn what_is_right_compiles_and_a_misspelt_name_does_not() {
    let mut files = vec![("right.ts".to_owned(), RIGHT.to_owned())];
    for (number, wrong) in WRONG.iter().enumerate() {
        files.push((format!("wrong{number}.ts"), format!("import xc_webrtc from \"LIBRARY\";\n{wrong}\n")));
    }
    let complaints = complaints(&files);
    for (number, wrong) in WRONG.iter().enumerate() {
        assert!(complaints.contains(&format!("wrong{number}.ts(2,")), "{wrong}: {complaints}");
    }
    // Nothing is wrong but those lines: neither an import, nor the types, nor what is right.
    assert_eq!(
        complaints.lines().filter(|line| line.contains("): error")).count(),
        WRONG.len(),
        "{complaints}"
    );
}

/// The names that an interface of the types has, at its own level.
fn names_of(types: &str, interface: &str) -> Vec<String> {
    let start = format!("export interface {interface} ");
    let body = types.split(&start).nth(1).unwrap().split("\n}").next().unwrap();
    let members = body.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let name = |line: &str| {
        let line = line.trim_start().trim_start_matches("readonly ");
        let end = line.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        (end > 0).then(|| line[..end].to_owned())
    };
    let mut names: Vec<String> = members.filter_map(name).collect();
    names.sort();
    names.dedup();
    names
}

#[tokio::test]
async fn the_types_name_all_that_is_there_and_nothing_else() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let types = fs::read_to_string(Path::new(&setting("XC_LIBRARY")).join("xc_webrtc.d.ts")).unwrap();
        for (object, interface) in [("xc_webrtc", "XcWebrtc"), ("Cti", "Cti")] {
            let there = page.run(&format!("return Object.keys({object}).sort()")).await;
            let there: Vec<String> =
                there.as_array().unwrap().iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let mut told = names_of(&types, interface);
            if interface == "Cti" {
                // From `CtiLike`.
                told.extend(["setHandler".to_owned()]);
                told.sort();
            }
            assert_eq!(there, told, "{object}");
        }
    })
    .await;
}
