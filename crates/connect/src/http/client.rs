//! Sends requests: who may be called, how long it may take, what is sent again, how much is read.

use std::error::Error;
use std::time::Duration;

use engine::ask::Failure;
use engine::policy::written::http::Auth;
use jiff::fmt::rfc2822;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Response, StatusCode, redirect};
use serde_json::Value as Json;
use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};
use url::Url;

use super::address::{Allowed, Public};
use super::auth::{self, Proof};
use crate::connector::Service;

/// How often a request is sent before it counts as failed; waits that the service asks for are counted apart.
const TRIES: u32 = 3;
/// How often the service may ask for a wait in one request.
const WAITS: u32 = 8;

/// Speaks to one service with one credential. It has no `Debug`, for it holds that.
pub(super) struct Client {
    http: reqwest::Client,
    base: Url,
    allowed: Allowed,
    auth: Option<Auth>,
    credential: String,
    token: Mutex<Option<String>>,
    headers: HeaderMap,
    pace: Option<Mutex<Interval>>,
    longest_wait: Duration,
    most_bytes: usize,
}

/// A request. Its body is text of its type.
pub(super) struct Request {
    pub method: String,
    pub url: Url,
    pub body: Option<(&'static str, String)>,
    /// A header and what it says.
    pub once: Option<(String, String)>,
    /// It changes nothing.
    pub looks: bool,
    /// Sending it twice does no harm.
    pub harmless: bool,
    /// What errors call it: method and path template.
    pub what: String,
}

/// An answer, read whole.
pub(super) struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    body: Result<Vec<u8>, Failure>,
    what: String,
}

impl Client {
    pub fn new(service: &Service, credential: &str) -> Result<Client, Failure> {
        // Somebody may have chosen already; then it stays with that.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = &service.http;
        let refused = |reason: &str| Failure::Refused { reason: reason.to_owned() };
        let base: Url = service.url.parse().map_err(|_| refused("the address of the service is none"))?;
        let private = http.private.as_ref().is_some_and(|p| p.it);
        let allowed = Allowed::new(&base, http.hosts.iter().map(|h| h.it.clone()), private);
        allowed.check(&base)?;
        let millis = |given: &Option<engine::source::At<u64>>, default| {
            Duration::from_millis(given.as_ref().map_or(default, |v| v.it))
        };
        let timeout = millis(&http.timeout_ms, 30_000);
        // A request goes where the description says, or nowhere: no redirect, no proxy that looks the name up itself.
        let mut builder = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(timeout.min(Duration::from_secs(10)))
            .timeout(timeout)
            .no_proxy();
        if !private {
            builder = builder.dns_resolver(Public);
        }
        let no_certificate = || refused("the file of `authority` holds no certificate in PEM, or one that is broken");
        if let Some(pem) = &service.authority {
            let certificates = reqwest::Certificate::from_pem_bundle(pem.as_bytes()).ok().filter(|c| !c.is_empty());
            builder = builder.tls_certs_only(certificates.ok_or_else(no_certificate)?);
        }
        let failed = |_| match &service.authority {
            Some(_) => no_certificate(),
            None => Failure::Other { detail: "the HTTP client cannot be made".to_owned() },
        };
        let auth = http.auth.as_ref().map(|a| a.it.clone());
        auth::proof(auth.as_ref(), credential)?;
        Ok(Client {
            http: builder.build().map_err(failed)?,
            base,
            allowed,
            auth,
            credential: credential.to_owned(),
            token: Mutex::new(None),
            headers: headers(service)?,
            pace: http.per_second.as_ref().filter(|n| n.it > 0).map(|n| Mutex::new(pace(n.it))),
            longest_wait: millis(&http.retry_after_ms, 120_000),
            most_bytes: http.most_bytes.as_ref().map_or(16 << 20, |n| usize::try_from(n.it).unwrap_or(usize::MAX)),
        })
    }

    /// The address of a path below the base, with parameters that are encoded already.
    pub fn url(&self, path: &str, query: &[String]) -> Result<Url, Failure> {
        let mark = if query.is_empty() { "" } else { "?" };
        let text = format!("{}{path}{mark}{}", self.base.as_str().trim_end_matches('/'), query.join("&"));
        text.parse().map_err(|_| Failure::Refused { reason: "the address of a call is none".to_owned() })
    }

    /// An address that an answer names, perhaps relative to the base.
    pub fn named(&self, text: &str) -> Result<Url, Failure> {
        let url = self.base.join(text);
        let url = url.map_err(|_| Failure::Other { detail: "the service names an address that is none".to_owned() })?;
        self.allowed.check(&url).map(|()| url)
    }

    /// Sends a request, again where that is possible, and reads the answer. Any status is an answer but those that say to
    /// come later and those of a service that is broken.
    pub async fn send(&self, request: &Request) -> Result<Reply, Failure> {
        self.allowed.check(&request.url)?;
        let (mut tries, mut waits, mut waited, mut renewed) = (0, 0, Duration::ZERO, false);
        loop {
            tries += 1;
            let again = request.harmless && tries < TRIES;
            let answer = match self.once(request).await? {
                Ok(answer) => answer,
                Err(why) if (why.is_connect() || request.harmless) && tries < TRIES => {
                    sleep(Duration::from_millis(100 << tries)).await;
                    continue;
                }
                Err(why) => return Err(self.unanswered(request, why)),
            };
            let status = answer.status();
            if let Some(wait) = self.asked_to_wait(&answer, waits) {
                (waits, waited) = (waits + 1, waited + wait);
                if waited > self.longest_wait || waits > WAITS {
                    return Err(
                        self.unreachable(format!("{status}: it asks us to wait longer than `retry_after` allows"))
                    );
                }
                tries -= 1;
                sleep(wait).await;
                continue;
            }
            if status == StatusCode::UNAUTHORIZED && self.is_token() && !renewed {
                renewed = true;
                *self.token.lock().await = None;
                continue;
            }
            if status.is_server_error() {
                if again {
                    sleep(Duration::from_millis(100 << tries)).await;
                    continue;
                }
                return Err(self.broken(request, status));
            }
            if status.is_redirection() {
                let reason = format!("{} is answered with a redirect, which is not followed", request.what);
                return Err(Failure::Refused { reason });
            }
            let headers = answer.headers().clone();
            let body = self.read(answer, &request.what).await;
            if body.is_err() && again {
                continue;
            }
            return Ok(Reply { status: status.as_u16(), headers, body, what: request.what.clone() });
        }
    }

    async fn once(&self, request: &Request) -> Result<Result<Response, reqwest::Error>, Failure> {
        if let Some(pace) = &self.pace {
            pace.lock().await.tick().await;
        }
        let unusual = |_| Failure::Refused { reason: "a call has a method or header that is none".to_owned() };
        let method = Method::from_bytes(request.method.as_bytes()).map_err(|_| unusual(()))?;
        let mut url = request.url.clone();
        let mut headers = self.headers.clone();
        match self.proof().await? {
            Proof::Header(name, value) => drop(headers.insert(name, value)),
            Proof::Query(pair) => {
                let query = url.query().map_or_else(|| pair.clone(), |query| format!("{query}&{pair}"));
                url.set_query(Some(&query));
            }
            Proof::Nothing | Proof::Token => {}
        }
        if let Some((name, value)) = &request.once {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusual(()))?;
            headers.insert(name, HeaderValue::from_str(value).map_err(|_| unusual(()))?);
        }
        let mut sent = self.http.request(method, url).headers(headers);
        if let Some((kind, body)) = &request.body {
            sent = sent.header(CONTENT_TYPE, *kind).body(body.clone());
        }
        Ok(sent.send().await)
    }

    async fn proof(&self) -> Result<Proof, Failure> {
        let Some(Auth::OAuth2 { token, scope }) = &self.auth else {
            return auth::proof(self.auth.as_ref(), &self.credential);
        };
        let mut held = self.token.lock().await;
        let fetched = match &*held {
            Some(token) => token.clone(),
            None => self.fetch(token, scope.as_deref()).await?,
        };
        let proof = auth::bearer(&fetched);
        *held = Some(fetched);
        proof
    }

    fn is_token(&self) -> bool {
        matches!(self.auth, Some(Auth::OAuth2 { .. }))
    }

    /// Asks for a token with the client's credentials.
    async fn fetch(&self, at: &str, scope: Option<&str>) -> Result<String, Failure> {
        let url = if at.starts_with('/') { self.url(at, &[])? } else { self.named(at)? };
        let mut form = vec!["grant_type=client_credentials".to_owned()];
        form.extend(auth::client_parameters(&self.credential)?);
        form.extend(scope.map(|scope| super::template::parameter("scope", scope)));
        let asked =
            self.http.post(url).header(CONTENT_TYPE, FORM).header(ACCEPT, JSON).body(form.join("&")).send().await;
        let answer = asked.map_err(|why| self.unreachable(said(why)))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(match status.is_server_error() {
                true => self.unreachable(format!("it gives out no token: {status}")),
                false => Failure::Denied { detail: format!("the service gives out no token: {status}") },
            });
        }
        let body = self.read(answer, "the request for a token").await?;
        let token =
            serde_json::from_slice::<Json>(&body).ok().and_then(|a| a["access_token"].as_str().map(str::to_owned));
        token.ok_or_else(|| Failure::Other { detail: "the answer to the request for a token holds none".to_owned() })
    }

    /// How long the service asks us to wait; a longer time each time where it does not say.
    fn asked_to_wait(&self, answer: &Response, waits: u32) -> Option<Duration> {
        let said = answer.headers().get("retry-after").and_then(|v| v.to_str().ok());
        match answer.status() {
            StatusCode::TOO_MANY_REQUESTS => {}
            // Only one that says when to come back has surely not begun.
            StatusCode::SERVICE_UNAVAILABLE if said.is_some() => {}
            _ => return None,
        }
        let by_date = |text: &str| {
            let date = |text: &str| rfc2822::parse(text).ok().map(|d| d.timestamp().as_second());
            let now = answer.headers().get("date").and_then(|v| v.to_str().ok()).and_then(date)?;
            u64::try_from(date(text)? - now).ok().or(Some(0))
        };
        let seconds = said.and_then(|text| text.trim().parse().ok().or_else(|| by_date(text)));
        Some(seconds.map_or_else(|| Duration::from_millis(500 << waits.min(6)), Duration::from_secs))
    }

    /// The body, without the encoding that we did not ask for but some servers use.
    async fn read(&self, mut answer: Response, what: &str) -> Result<Vec<u8>, Failure> {
        let odd = |why: &str| Failure::Other { detail: format!("the answer to {what} {why}") };
        let coding =
            answer.headers().get("content-encoding").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|_| odd("was cut off"))? {
            body.extend_from_slice(&piece);
            if body.len() > self.most_bytes {
                return Err(odd("is longer than `most_bytes` allows"));
            }
        }
        match coding.as_str() {
            "" | "identity" => Ok(body),
            "gzip" => unpack(&body, self.most_bytes)
                .ok_or_else(|| odd("cannot be unpacked, or is longer than `most_bytes` allows")),
            _ => Err(odd("is encoded in a way that we did not ask for")),
        }
    }

    fn unreachable(&self, why: String) -> Failure {
        Failure::Unreachable { detail: format!("{}: {why}", self.base.host_str().unwrap_or_default()) }
    }

    /// There was no answer. Did the request leave?
    fn unanswered(&self, request: &Request, why: reqwest::Error) -> Failure {
        if why.is_connect() || request.looks {
            return self.unreachable(said(why));
        }
        Failure::Unknown { detail: format!("{}: {}", request.what, said(why)) }
    }

    fn broken(&self, request: &Request, status: StatusCode) -> Failure {
        if request.looks {
            return self.unreachable(format!("{}: {status}", request.what));
        }
        Failure::Unknown { detail: format!("{}: {status}", request.what) }
    }
}

/// Forms and documents.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";
pub(super) const JSON: &str = "application/json";

fn headers(service: &Service) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(JSON));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert("user-agent", HeaderValue::from_static(concat!("upheld/", env!("CARGO_PKG_VERSION"))));
    for (name, text) in &service.http.headers {
        let refused = || Failure::Refused { reason: format!("the header `{}` cannot be sent", name.it) };
        let header = HeaderName::from_bytes(name.it.as_bytes()).map_err(|_| refused())?;
        headers.insert(header, HeaderValue::from_str(text).map_err(|_| refused())?);
    }
    Ok(headers)
}

fn pace(per_second: u64) -> Interval {
    let mut pace = interval(Duration::from_micros(1_000_000 / per_second));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pace
}

/// What went wrong on the way. The address is left out: it may hold a person's name.
fn said(why: reqwest::Error) -> String {
    let why = why.without_url();
    let mut innermost: &dyn Error = &why;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    if why.is_timeout() { "no answer in time".to_owned() } else { innermost.to_string() }
}

fn unpack(packed: &[u8], most: usize) -> Option<Vec<u8>> {
    use std::io::Read;
    let mut plain = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    flate2::read::GzDecoder::new(packed).take(limit).read_to_end(&mut plain).ok()?;
    (plain.len() <= most).then_some(plain)
}

impl Reply {
    /// The document that it is.
    pub fn json(&self) -> Result<Json, Failure> {
        let body = self.body.as_ref().map_err(Clone::clone)?;
        serde_json::from_slice(body)
            .map_err(|_| Failure::Other { detail: format!("the answer to {} is no JSON", self.what) })
    }

    /// Was it done, or will it be?
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// What a status that is no success means.
    pub fn refusal(&self) -> Failure {
        let detail = format!("{} is answered with {}", self.what, self.status);
        match self.status {
            401 => Failure::Denied { detail },
            403 => Failure::Forbidden { object: self.what.clone(), detail: self.status.to_string() },
            _ => Failure::Other { detail },
        }
    }
}
