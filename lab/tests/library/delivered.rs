//! The pages as `cargo xtask dist` delivers them, behind nginx with the configuration that it writes for them.

use serde_json::{Value, json};

use crate::LAB;
use crate::support::browser::Setup;
use crate::support::stage::story;

/// What the CSP has kept a page from since it was opened.
const VIOLATIONS: &str = "
    const observer = new ReportingObserver(() => {}, { types: ['csp-violation'], buffered: true });
    observer.observe();
    return observer.takeRecords().map(({ body }) => `${body.effectiveDirective} ${body.blockedURL}`);";

#[tokio::test]
async fn the_phone_calls_and_keeps_to_the_csp() {
    story(async |stage| {
        let phone = stage.phone(&LAB, 700).await;
        phone.talks_to("*55").await;
        phone.hears(700).await;
        phone.hangs_up().await;
        assert_eq!(phone.run(VIOLATIONS, Value::Null).await.json(), &json!([]));
    })
    .await;
}

#[tokio::test]
async fn it_speaks_french_and_keeps_to_the_csp() {
    story(async |stage| {
        let phone = stage.phone_at_login(&LAB, Setup { language: "fr-FR", ..Setup::default() }).await;
        phone.sees("Se connecter").await;
        assert_eq!(phone.run(VIOLATIONS, Value::Null).await.json(), &json!([]));
    })
    .await;
}

#[tokio::test]
async fn the_sample_page_calls_and_keeps_to_the_csp() {
    story(async |stage| {
        let phone = stage.at_sample_page(&LAB).await;
        phone.reaches("*55").await;
        phone.hears(700).await;
        assert_eq!(phone.run(VIOLATIONS, Value::Null).await.json(), &json!([]));
    })
    .await;
}

/// Status, compression and caching of the page and of all that it loads, and which security headers are missing.
const FILES: &str = "
    const names = ['content-security-policy', 'permissions-policy', 'referrer-policy', 'strict-transport-security',
      'x-content-type-options', 'vary'];
    const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name))
      .filter(({ host, pathname }) => host === location.host && !pathname.startsWith('/xuc')).map(({ pathname }) => pathname);
    const rows = [];
    for (const path of new Set(['/', '/sample/', ...loaded])) {
      const { status, headers } = await fetch(path, { cache: 'no-store' });
      rows.push([path.replace(/-[0-9a-f]{12,}/, ''), status, headers.get('content-encoding'),
        headers.get('cache-control'), names.filter(name => !headers.get(name))]);
    }
    return rows;";

#[tokio::test]
async fn its_files_come_compressed_with_security_headers_and_may_be_kept_for_ever() {
    story(async |stage| {
        let phone = stage.phone_at_login(&LAB, Setup::default()).await;
        let tools = phone.driver().cdp();
        tools.send_raw("Network.enable", json!({})).await.unwrap();
        for encoding in ["br", "gzip"] {
            let takes = json!({ "headers": { "Accept-Encoding": encoding } });
            tools.send_raw("Network.setExtraHTTPHeaders", takes).await.unwrap();
            let rows = phone.run(FILES, Value::Null).await.json().clone();
            let rows = rows.as_array().unwrap();
            for kind in [".js", ".wasm", ".css"] {
                assert!(
                    rows.iter().any(|row| row[0].as_str().is_some_and(|path| path.ends_with(kind))),
                    "{rows:?}"
                );
            }
            for row in rows {
                let is_page = row[0].as_str().is_some_and(|path| path.ends_with('/'));
                let kept = if is_page { "no-cache" } else { "public, max-age=31536000, immutable" };
                assert_eq!(
                    (&row[1], &row[2], &row[3]),
                    (&json!(200), &json!(encoding), &json!(kept)),
                    "{row}"
                );
                assert_eq!(row[4], json!([]), "{row}");
            }
        }
    })
    .await;
}
