use super::*;

fn challenge(rest: &str) -> Challenge {
    Challenge::parse(&format!("Digest {rest}")).expect("a digest")
}

fn get() -> Method {
    Method::Other("GET".into())
}

/// Answers as Mufasa, whom the RFCs' examples know; what comes is checked by the server's side too.
fn mufasa(challenges: &[Challenge], password: &str, cnonce: &str) -> Credentials {
    let password = Secret::new(password);
    let login = Login { username: "Mufasa", password: &password };
    let credentials =
        authorize(challenges, login, &get(), "/dir/index.html", "", cnonce, 1).expect("answered");
    assert!(verify(&credentials, &get(), &password));
    assert!(!verify(&credentials, &Method::Invite, &password));
    assert!(!verify(&credentials, &get(), &Secret::new("wrong")));
    credentials
}

const RFC7616: &str = "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
    nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

#[test]
fn the_examples_of_rfc_7616_3_9_1_come_out() {
    let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
    let md5 = challenge(&format!("{RFC7616}, algorithm=MD5"));
    let sha256 = challenge(&format!("{RFC7616}, algorithm=SHA-256"));
    let weak = mufasa(std::slice::from_ref(&md5), "Circle of Life", cnonce);
    assert_eq!(weak.response, "8ca523f5e9506fed4657c9700eebdbec");
    // Both offered, in either order: the stronger is taken.
    for offer in [[md5.clone(), sha256.clone()], [sha256, md5]] {
        let strong = mufasa(&offer, "Circle of Life", cnonce);
        assert_eq!(strong.response, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
        assert_eq!(strong.opaque.as_deref(), Some("FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"));
        assert!(strong.to_string().contains(", algorithm=SHA-256, "), "{strong}");
        assert!(strong.to_string().contains(", qop=auth, nc=00000001, cnonce=\"f2/"), "{strong}");
    }
}

const RFC2617: &str = "realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"";

#[test]
fn the_example_of_rfc_2617_3_5_comes_out() {
    let offer = [challenge(&format!("{RFC2617}, qop=\"auth,auth-int\""))];
    assert_eq!(mufasa(&offer, "Circle Of Life", "0a4f113b").response, "6629fae49393a05397450978507c4ef1");
}

/// RFC 2069 §2.4, with the response as its errata give it.
#[test]
fn a_challenge_without_qop_is_answered_the_old_way() {
    let credentials = mufasa(&[challenge(RFC2617)], "CircleOfLife", "unused");
    assert_eq!(credentials.response, "1949323746fe6a43ef61f9606e7febea");
    assert_eq!(credentials.protection, None);
    assert!(!credentials.to_string().contains("cnonce"), "{credentials}");
}

/// Computed with Python's `hashlib` from the formulas of RFC 7616 §3.4.2.
#[test]
fn sessions_mix_the_nonces_into_the_secret() {
    for (algorithm, expected) in [
        ("MD5-sess", "8e3825c57e897f5a0dec6c2d4e5059d0"),
        ("SHA-256-sess", "b8822e12417cb7750f4e2b8515f0dcf25b7dd26993e80bee1426201446a7f59b"),
    ] {
        let offer = [challenge(&format!("{RFC2617}, qop=auth, algorithm={algorithm}"))];
        assert_eq!(mufasa(&offer, "Circle Of Life", "0a4f113b").response, expected, "{algorithm}");
    }
}

#[test]
fn the_body_is_protected_where_nothing_else_is_offered() {
    let offer = [challenge(&format!("{RFC2617}, qop=auth-int"))];
    let password = Secret::new("Circle Of Life");
    let login = Login { username: "Mufasa", password: &password };
    let answer =
        |body| authorize(&offer, login, &get(), "/dir/index.html", body, "0a4f113b", 1).expect("answered");
    assert_eq!(answer("v=0\r\n").response, "151b6cabb7e59e0ac757207a039ff3d0");
    assert_ne!(answer("v=0\r\n").response, answer("").response);
    assert!(!verify(&answer(""), &get(), &password));
}

/// The hash of the name computed with Python's `hashlib` from the formula of RFC 7616 §3.4.4.
#[test]
fn the_name_goes_as_a_hash_where_that_is_offered() {
    let password = Secret::new("Circle of Life");
    let login = Login { username: "Mufasa", password: &password };
    let answer = |userhash: &str| {
        let offer = [challenge(&format!("{RFC7616}, algorithm=SHA-256{userhash}"))];
        authorize(&offer, login, &get(), "/dir/index.html", "", "c", 1).expect("answered")
    };
    let (plain, hashed) = (answer(""), answer(", userhash=true"));
    assert_eq!(hashed.username, "a947aad205e80e429958a387394944c6b496301e79f89d35a4cc23b6ee12b5b6");
    assert!(hashed.to_string().ends_with(", userhash=true"));
    // What is proved is the same.
    assert_eq!((hashed.response, plain.username.as_str()), (plain.response.clone(), "Mufasa"));
    assert!(!plain.to_string().contains("userhash"));
    assert_eq!(answer(", userhash=false"), plain);
}

#[test]
fn what_cannot_be_answered_is_not() {
    let password = Secret::new("x");
    let login = Login { username: "a", password: &password };
    let answer = |offer: &[Challenge]| authorize(offer, login, &Method::Register, "sip:x", "", "c", 1);
    assert_eq!(answer(&[]), None);
    for rest in [
        "realm=r, nonce=n, algorithm=SHA-512-256, qop=auth",
        "realm=r, nonce=n, algorithm=MD5, qop=other",
        "realm=r, nonce=n, algorithm=MD5-sess",
    ] {
        assert_eq!(answer(&[challenge(rest)]), None, "{rest}");
    }
    // One that we know beside one that we do not.
    let offer = [challenge("realm=r, nonce=n, algorithm=SHA-512-256"), challenge("realm=r, nonce=n")];
    assert_eq!(answer(&offer).map(|credentials| credentials.algorithm), Some(None));
}

#[test]
fn names_with_quotes_survive_the_header() {
    let password = Secret::new("x");
    let login = Login { username: "a\"b\\", password: &password };
    let offer = [challenge("realm=\"r \\\"x\\\"\", nonce=n, qop=auth")];
    let credentials = authorize(&offer, login, &Method::Register, "sip:x", "", "c", 1).expect("answered");
    let read = Credentials::parse(&credentials.to_string()).expect("a digest");
    assert_eq!(read, credentials);
    assert!(verify(&read, &Method::Register, &password));
}
