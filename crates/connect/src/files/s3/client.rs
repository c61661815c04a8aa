//! Signed requests to a store, and what its answers mean.

use std::error::Error;
use std::time::Duration;

use engine::ask::Failure;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use object_store::aws::{AwsAuthorizer, AwsCredentialProvider};
use object_store::client::{HttpRequest, HttpRequestBody};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ETAG, HeaderMap, LAST_MODIFIED};
use reqwest::{Method, Response, StatusCode, redirect};

use super::super::place::Object;
use super::address::BucketAddress;
use super::xml;

/// How often a request is sent before it counts as failed.
const TRIES: u32 = 3;

/// Largest answer that is read into memory; a page of a listing has a thousand keys of at most three times 1,024 bytes.
const LARGEST: usize = 16 * 1024 * 1024;

/// Everything else is escaped, as the signature wants it.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const KEY: &AsciiSet = &QUERY.remove(b'/');

/// Speaks to one bucket.
pub(super) struct Client {
    http: reqwest::Client,
    credentials: AwsCredentialProvider,
    region: String,
    endpoint: String,
    pub bucket: String,
}

/// Chooses who does the cryptography of TLS, once for the process.
pub(super) fn prepare_tls() {
    // Somebody may have chosen already; then it stays with that.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl Client {
    pub fn new(address: &BucketAddress, timeout_ms: u64) -> Result<Client, Failure> {
        prepare_tls();
        // A signed request goes where it was meant to go, or nowhere.
        let mut http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_millis(timeout_ms));
        if address.loopback {
            http = http.no_proxy();
        }
        let failed = |_| Failure::Other { detail: "the HTTP client cannot be made".to_owned() };
        Ok(Client {
            http: http.build().map_err(failed)?,
            credentials: address.credentials.clone(),
            region: address.region.clone(),
            endpoint: address.endpoint.clone(),
            bucket: address.bucket.clone(),
        })
    }

    /// Sends a request about the bucket, or about one of its keys. It must be one that may be sent again.
    pub async fn send(&self, method: Method, key: Option<&str>, query: &[(&str, &str)]) -> Result<Response, Failure> {
        let url = self.url(key, query);
        let mut tried = 0;
        loop {
            tried += 1;
            let headers = self.signed(&method, &url).await?;
            let sent = self.http.request(method.clone(), &url).headers(headers).send().await;
            let passing = match &sent {
                Ok(answer) => answer.status().is_server_error() || answer.status() == StatusCode::TOO_MANY_REQUESTS,
                Err(why) => !why.is_timeout(),
            };
            if passing && tried < TRIES {
                tokio::time::sleep(Duration::from_millis(100 << tried)).await;
                continue;
            }
            let answer = sent.map_err(|why| self.unreachable(why))?;
            return if answer.status().is_success() { Ok(answer) } else { Err(self.refusal(answer).await) };
        }
    }

    fn url(&self, key: Option<&str>, query: &[(&str, &str)]) -> String {
        let key = key.map(|key| format!("/{}", utf8_percent_encode(key, KEY))).unwrap_or_default();
        let pair = |(name, value): &(&str, &str)| format!("{name}={}", utf8_percent_encode(value, QUERY));
        let query: Vec<String> = query.iter().map(pair).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}/{}{key}{mark}{}", self.endpoint, self.bucket, query.join("&"))
    }

    async fn signed(&self, method: &Method, url: &str) -> Result<HeaderMap, Failure> {
        let unsigned = || Failure::Other { detail: "the request cannot be signed".to_owned() };
        let credential = self.credentials.get_credential().await.map_err(|_| Failure::Denied {
            detail: "the credentials of the environment cannot be fetched".to_owned(),
        })?;
        let mut request = HttpRequest::new(HttpRequestBody::empty());
        *request.method_mut() = method.clone();
        *request.uri_mut() = url.parse().map_err(|_| unsigned())?;
        let authorizer = AwsAuthorizer::new(&credential, "s3", &self.region);
        authorizer.try_authorize(&mut request, None).map_err(|_| unsigned())?;
        Ok(std::mem::take(request.headers_mut()))
    }

    /// The answer's text.
    pub async fn text(&self, answer: Response) -> Result<String, Failure> {
        let odd = |why: &str| Failure::Other { detail: format!("{} gave an answer {why}", self.endpoint) };
        let (mut answer, mut body) = (answer, Vec::new());
        while let Some(piece) = answer.chunk().await.map_err(|why| self.unreachable(why))? {
            body.extend_from_slice(&piece);
            if body.len() > LARGEST {
                return Err(odd("that is too long"));
            }
        }
        String::from_utf8(body).map_err(|_| odd("that is no text"))
    }

    /// No answer. The address of the request is left out: it holds the key, which may hold a person's name.
    pub fn unreachable(&self, why: reqwest::Error) -> Failure {
        let why = why.without_url();
        let mut innermost: &dyn Error = &why;
        while let Some(source) = innermost.source() {
            innermost = source;
        }
        let said = if why.is_timeout() { "no answer in time".to_owned() } else { innermost.to_string() };
        Failure::Unreachable { detail: format!("{}: {said}", self.endpoint) }
    }

    /// What a status that is no success means. Only the code is repeated: messages may hold keys.
    async fn refusal(&self, answer: Response) -> Failure {
        let status = answer.status();
        let region = header(&answer, "x-amz-bucket-region").map(str::to_owned);
        let body = self.text(answer).await.unwrap_or_default();
        let code = xml::code(&body).unwrap_or_default();
        let said = if code.is_empty() { status.to_string() } else { code.clone() };
        let bucket = format!("bucket {}", self.bucket);
        match (status.as_u16(), code.as_str()) {
            (
                _,
                "InvalidAccessKeyId"
                | "NotSignedUp"
                | "SignatureDoesNotMatch"
                | "InvalidToken"
                | "ExpiredToken"
                | "RequestTimeTooSkewed",
            )
            | (401, _) => Failure::Denied { detail: said },
            (301 | 307, _) | (_, "AuthorizationHeaderMalformed") => {
                let which = region.map_or_else(|| "another region".to_owned(), |region| format!("region {region}"));
                Failure::Refused { reason: format!("the {bucket} lies in {which}; say so in its address: ?region=") }
            }
            (403, _) => Failure::Forbidden { object: bucket, detail: said },
            (_, "NoSuchBucket") => Failure::Missing { object: bucket },
            (404, _) => super::super::no_object(),
            (500..=599 | 429, code) if code != "NotImplemented" => {
                Failure::Unreachable { detail: format!("{}: {said}", self.endpoint) }
            }
            _ => Failure::Other { detail: format!("{bucket}: {said}") },
        }
    }
}

/// A header's text.
pub(super) fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    answer.headers().get(name).and_then(|value| value.to_str().ok())
}

/// The object that an answer to HEAD shows.
pub(super) fn object(path: &str, answer: &Response) -> Result<Object, Failure> {
    let odd = || Failure::Other { detail: "the store shows an object without size or date".to_owned() };
    let size = header(answer, "content-length").and_then(|size| size.parse().ok()).ok_or_else(odd)?;
    let date = header(answer, LAST_MODIFIED.as_str()).and_then(|date| rfc2822::parse(date).ok()).ok_or_else(odd)?;
    let version = version(header(answer, ETAG.as_str()).unwrap_or_default());
    Ok(Object { path: path.to_owned(), size, modified: seconds(date.timestamp()), version })
}

/// An object's tag without its quotes.
pub(super) fn version(tag: &str) -> String {
    tag.trim_matches('"').to_owned()
}

/// HEAD shows whole seconds, so a listing does as well.
pub(super) fn seconds(at: Timestamp) -> String {
    super::super::utc(Timestamp::from_second(at.as_second()).unwrap_or(at))
}
