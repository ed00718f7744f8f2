//! What the sample configuration of nginx does: compression, caching, security headers.

use serde_json::json;

use crate::support::stage::story;

#[tokio::test]
async fn files_come_compressed_with_their_types_and_are_kept_when_their_address_says_what_is_in_them() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "await xc_webrtc.ready;
                 const wasm = performance.getEntriesByType('resource').map(({ name }) => name)
                   .find(name => name.includes('.wasm'));
                 const rows = [];
                 for (const path of ['/lib/xc_webrtc.js', '/lib/xc_webrtc.mjs', wasm, '/own.html', '/nothing']) {
                   const { status, headers } = await fetch(path);
                   rows.push([status, headers.get('content-type'), headers.get('content-encoding'),
                     headers.get('cache-control')]);
                 }
                 return rows;",
            )
            .await;
        let kept = "public, max-age=31536000, immutable";
        let expected = json!([
            [200, "application/javascript", "br", "no-cache"],
            [200, "text/javascript", "br", "no-cache"],
            [200, "application/wasm", "br", kept],
            [200, "text/html", "br", "no-cache"],
            [404, "text/html", null, "no-cache"],
        ]);
        assert_eq!(told, expected);
    })
    .await;
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    story(async |stage| {
        let page = stage.integrator("/own.html", 700).await;
        let told = page
            .run(
                "const names = ['content-security-policy', 'permissions-policy', 'referrer-policy',
                   'strict-transport-security', 'x-content-type-options'];
                 const missing = [];
                 for (const path of ['/own.html', '/lib/xc_webrtc.mjs', '/nothing', '/xuc/api/2.0/auth/check']) {
                   const { headers } = await fetch(path);
                   missing.push(...names.filter(name => !headers.get(name)).map(name => `${path} ${name}`));
                 }
                 const ran = [];
                 const script = document.createElement('script');
                 script.textContent = 'window.inline = true';
                 document.body.append(script);
                 try { eval('1'); ran.push('eval'); } catch {}
                 return [missing, ran, window.inline ?? null];",
            )
            .await;
        assert_eq!(told, json!([[], [], null]));
    })
    .await;
}
