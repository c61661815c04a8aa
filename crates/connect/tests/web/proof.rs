//! How the service is shown who asks, and how we are shown who answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use connect::testing::{Asked, Told, WebServer};
use engine::ask::Failure;
use engine::value::Value;
use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::json;

use crate::{ask, by, erase, opened, said};

/// A service with one resource that asks for this.
fn map(auth: &str) -> String {
    format!(
        r#"
[system]
kind    = "http"
url     = "http://127.0.0.1:9"
connect = {{ env = "CRM_TOKEN" }}

[http]
auth    = {auth}
private = true

[resource.contacts]
key     = "id"
columns = {{ id = "int" }}
find    = [{{ by = "id", path = "/contacts/{{id}}", query = {{ full = "1" }}, records = "$", missing = 404 }}]
erase   = {{ path = "/contacts/{{id}}", missing = 404 }}
"#
    )
}

fn found() -> Told {
    Told::json(200, &json!({ "id": 1 }))
}

async fn asks(auth: &str, credential: &str, server: &WebServer) -> Result<usize, Failure> {
    let system = opened(&map(auth), &server.url(), credential, None)?;
    ask(&*system, "contacts", &["id"], by("id", Value::Int(1))).await.map(|rows| rows.len())
}

#[tokio::test]
async fn a_header_of_its_own_holds_the_credential_as_its_form_says() {
    let server = WebServer::start(|asked| match asked.header("x-api-key") {
        "Token sesame" => found(),
        _ => Told::status(401),
    });
    let auth = r#"{ kind = "header", name = "X-Api-Key", form = "Token {}" }"#;
    assert_eq!(asks(auth, "sesame", &server).await, Ok(1));
    assert!(said(asks(auth, "other", &server).await).contains("refuses our name or password"));
    assert!(server.asked().iter().all(|asked| asked.header("authorization").is_empty()));
    // A credential is one line, and never more of the request.
    let before = server.asked().len();
    let said = said(asks(auth, "sesame\r\nx-admin: 1", &server).await);
    assert!(said.contains("cannot stand in a header") && !said.contains("sesame"), "{said}");
    assert_eq!(server.asked().len(), before);
}

#[tokio::test]
async fn a_parameter_holds_the_credential_and_no_error_shows_it() {
    let auth = r#"{ kind = "query", name = "api_key" }"#;
    let server = WebServer::start(|_| found());
    assert_eq!(asks(auth, "ses&me#1", &server).await, Ok(1));
    assert_eq!(server.lines(), ["GET /contacts/1?full=1&api_key=ses%26me%231"]);
    for told in [Told::Cut, Told::status(500), Told::status(403), Told::status(302).with("location", "/x")] {
        let server = WebServer::start(move |_| told.clone());
        let said = said(asks(auth, "sesame", &server).await);
        assert!(!said.contains("sesame") && !said.contains("api_key"), "{said}");
    }
    assert!(said(asks(auth, "", &WebServer::start(|_| found())).await).contains("the credential is empty"));
}

const OAUTH: &str = r#"{ kind = "oauth2", token_at = "/token", scope = "read write" }"#;

/// Gives out numbered tokens, of which those from `good` on are let in.
fn giving(good: usize) -> impl Fn(&Asked) -> Told {
    let given = AtomicUsize::new(0);
    move |asked| {
        if asked.target == "/token" {
            let nth = given.fetch_add(1, Ordering::Relaxed);
            return Told::json(200, &json!({ "access_token": format!("t{nth}"), "token_type": "bearer" }));
        }
        let token = asked.header("authorization").strip_prefix("Bearer t").and_then(|n| n.parse::<usize>().ok());
        if token.is_some_and(|nth| nth >= good) { found() } else { Told::status(401) }
    }
}

#[tokio::test]
async fn a_token_is_fetched_once_and_carried_by_all_requests() {
    let server = WebServer::start(giving(0));
    let system = opened(&map(OAUTH), &server.url(), "we:s&cret", None).unwrap();
    for _ in 0..3 {
        assert_eq!(ask(&*system, "contacts", &["id"], by("id", Value::Int(1))).await.unwrap().len(), 1);
    }
    let asked = server.asked();
    assert_eq!(asked.iter().filter(|a| a.line() == "POST /token").count(), 1);
    assert_eq!(asked[0].body, "grant_type=client_credentials&client_id=we&client_secret=s%26cret&scope=read%20write");
    assert_eq!(asked[0].header("content-type"), "application/x-www-form-urlencoded");
    assert!(asked[1..].iter().all(|a| a.header("authorization") == "Bearer t0" && !a.target.contains("cret")));
}

#[tokio::test]
async fn a_token_that_has_run_out_is_renewed_once() {
    let server = WebServer::start(giving(1));
    assert_eq!(asks(OAUTH, "we:secret", &server).await, Ok(1));
    let contact = "GET /contacts/1?full=1";
    assert_eq!(server.lines(), ["POST /token", contact, "POST /token", contact]);
    // One that is never let in does not ask for ever.
    let server = WebServer::start(giving(99));
    assert!(said(asks(OAUTH, "we:secret", &server).await).contains("refuses our name or password"));
    assert_eq!(server.asked().len(), 4);
    // A deletion that was turned away has done nothing, so it is sent again with the new token.
    let server = WebServer::start(giving(1));
    let system = opened(&map(OAUTH), &server.url(), "we:secret", None).unwrap();
    assert_eq!(erase(&*system, "contacts", &[("id", Value::Int(1))]).await.unwrap().rows, 1);
}

#[tokio::test]
async fn what_is_no_token_says_so_and_shows_no_secret() {
    let token = |body: serde_json::Value| Told::json(200, &body);
    for (told, expected) in [
        (Told::status(400), "gives out no token: 400"),
        (Told::status(401), "gives out no token: 401"),
        (Told::status(503), "gives out no token: 503"),
        (Told::status(302).with("location", "/elsewhere"), "gives out no token: 302"),
        (Told::Cut, "cannot be reached"),
        (token(json!({ "error": "invalid" })), "holds none"),
        (token(json!(["secret"])), "holds none"),
        (token(json!({ "access_token": "a\r\nx-admin: 1" })), "cannot stand in a header"),
        (Told::Answer(200, Vec::new(), b"<html>secret".to_vec()), "holds none"),
    ] {
        let server = WebServer::start(move |_| told.clone());
        let said = said(asks(OAUTH, "we:secret", &server).await);
        assert!(said.contains(expected) && !said.contains("secret"), "{said}, not {expected}");
        assert!(server.lines().iter().all(|line| line == "POST /token"), "{:?}", server.lines());
    }
    let server = WebServer::start(giving(0));
    assert!(said(asks(OAUTH, "secret", &server).await).contains("`id:secret`"));
    // The secret goes to no host that the description does not name.
    let elsewhere = OAUTH.replace("\"/token\"", "\"https://evil.example/token\"");
    assert!(said(asks(&elsewhere, "we:secret", &server).await).contains("another host"));
    assert!(server.asked().is_empty());
}

/// Somebody who signs certificates, as the file of `authority` holds them.
struct Authority {
    signs: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Authority { signs: Issuer::new(params, key), pem }
    }

    /// A server that shows a certificate of this name.
    fn server(&self, name: &str) -> WebServer {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        let certificate: Certificate = params.signed_by(&key, &self.signs).expect("a certificate");
        let private = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(ring).with_safe_default_protocol_versions();
        let config = config.expect("versions").with_no_client_auth();
        let config = config.with_single_cert(vec![certificate.der().clone()], private).expect("a pair");
        WebServer::secure(Arc::new(config), |_| found())
    }
}

#[tokio::test]
async fn only_a_named_authority_vouches_for_the_service() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let server = ours.server("127.0.0.1");
    let asks = async |server: &WebServer, authority: Option<&str>| {
        let system = opened(&map(r#"{ kind = "bearer" }"#), &server.url(), "sesame", authority)?;
        ask(&*system, "contacts", &["id"], by("id", Value::Int(1))).await.map(|rows| rows.len())
    };
    assert_eq!(asks(&server, Some(&ours.pem)).await, Ok(1));
    let both = format!("{}{}", theirs.pem, ours.pem);
    assert_eq!(asks(&server, Some(&both)).await, Ok(1));
    for other in [None, Some(theirs.pem.as_str())] {
        let failure = asks(&server, other).await.unwrap_err();
        assert!(matches!(failure, Failure::Unreachable { .. }), "{failure}");
    }
    // A certificate for somebody else.
    let failure = asks(&ours.server("crm.example.net"), Some(&ours.pem)).await.unwrap_err();
    assert!(matches!(failure, Failure::Unreachable { .. }), "{failure}");
    assert_eq!(server.asked().len(), 2);
    for none in ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(said(asks(&server, Some(none)).await).contains("authority"), "{none}");
    }
}
