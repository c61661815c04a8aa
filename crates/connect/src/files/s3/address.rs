//! Addresses of buckets: `s3://KEY:SECRET@bucket/prefix?endpoint=..&region=..&allow_http=true`.

use std::sync::Arc;

use engine::ask::Failure;
use object_store::StaticCredentialProvider;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey, AwsCredential, AwsCredentialProvider};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::super::path::is_below_root;

/// Where a bucket is, and who we are there. It has no `Debug`, for it may hold a secret.
pub(in super::super) struct BucketAddress {
    /// The store, without `/` at its end.
    pub endpoint: String,
    pub bucket: String,
    /// What all keys begin with: empty, or ending in `/`.
    pub root: String,
    pub region: String,
    pub loopback: bool,
    pub credentials: AwsCredentialProvider,
}

/// Regions matter to Amazon; elsewhere this one is taken.
const REGION: &str = "us-east-1";

impl BucketAddress {
    /// Takes an address apart. What is said of a wrong one never repeats it.
    pub fn parse(text: &str) -> Result<BucketAddress, Failure> {
        let url = Url::parse(text).map_err(|_| {
            refused(
                "it must be of the form s3://bucket/prefix; in KEY:SECRET@ write `/` as %2F, `+` as %2B, `@` as %40",
            )
        })?;
        let bucket = url.host_str().unwrap_or_default().to_owned();
        let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(usual) || !is_below_root(&bucket) {
            return Err(refused("after s3:// must stand the name of the bucket"));
        }
        if url.port().is_some() || url.fragment().is_some() {
            return Err(refused(
                "a port belongs to the endpoint (?endpoint=http://127.0.0.1:9000), and `#` is written %23",
            ));
        }
        let asked = Asked::of(&url)?;
        super::client::prepare_tls();
        let region = asked.region.or_else(|| environment().get_config_value(&AmazonS3ConfigKey::Region));
        let region = region.unwrap_or_else(|| REGION.to_owned());
        let (endpoint, loopback) = match &asked.endpoint {
            Some(endpoint) => endpoint_of(endpoint, asked.allow_http)?,
            None => (format!("https://s3.{region}.amazonaws.com"), false),
        };
        let credentials = credentials(&url, &bucket, &region)?;
        Ok(BucketAddress { endpoint, root: root(&url)?, bucket, region, loopback, credentials })
    }
}

fn refused(why: &str) -> Failure {
    Failure::Refused { reason: format!("the address of the bucket: {why}") }
}

/// What stands behind the `?`.
#[derive(Default)]
struct Asked {
    endpoint: Option<String>,
    region: Option<String>,
    allow_http: bool,
}

impl Asked {
    fn of(url: &Url) -> Result<Asked, Failure> {
        let mut asked = Asked::default();
        for (name, value) in url.query_pairs() {
            match (name.as_ref(), value.as_ref()) {
                ("endpoint", value) => asked.endpoint = Some(value.to_owned()),
                ("region", value) if value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => {
                    asked.region = Some(value.to_owned());
                }
                ("allow_http", "true") => asked.allow_http = true,
                ("allow_http", "false") => asked.allow_http = false,
                ("region" | "allow_http", _) => return Err(refused("`region` is a name, `allow_http` true or false")),
                _ => return Err(refused("behind `?` may stand `endpoint`, `region` and `allow_http`")),
            }
        }
        Ok(asked)
    }
}

fn root(url: &Url) -> Result<String, Failure> {
    let path = percent_decode_str(url.path().trim_matches('/')).decode_utf8();
    match path.as_deref() {
        Ok("") => Ok(String::new()),
        Ok(path) if is_below_root(path) => Ok(format!("{path}/")),
        _ => Err(refused("the prefix must be a path without empty, `.` or `..` parts")),
    }
}

/// The endpoint as text, and whether it is this machine.
fn endpoint_of(text: &str, allow_http: bool) -> Result<(String, bool), Failure> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or_else(|| refused("`endpoint` must be like https://s3.example.net or http://127.0.0.1:9000"))?;
    if url.password().is_some() || !url.username().is_empty() || url.query().or(url.fragment()).is_some() {
        return Err(refused("`endpoint` is a scheme, a host and a port; credentials stand before the bucket"));
    }
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() == "http" && !loopback && !allow_http {
        let why = "`endpoint` is http, so all would travel readable; use https, or say allow_http=true where the network is trusted";
        return Err(refused(why));
    }
    Ok((url.as_str().trim_end_matches('/').to_owned(), loopback))
}

fn environment() -> AmazonS3Builder {
    AmazonS3Builder::from_env()
}

/// Those of the address, else those of the usual variables: keys, web identity, container. The metadata of a cloud's
/// machines is not asked: whether there is any cannot be told without a long wait.
fn credentials(url: &Url, bucket: &str, region: &str) -> Result<AwsCredentialProvider, Failure> {
    let plain = |text: &str| percent_decode_str(text).decode_utf8().map(|text| text.into_owned());
    match (plain(url.username()), url.password().map(plain)) {
        (Ok(key_id), Some(Ok(secret_key))) if !key_id.is_empty() && !secret_key.is_empty() => {
            return Ok(Arc::new(StaticCredentialProvider::new(AwsCredential { key_id, secret_key, token: None })));
        }
        (Ok(name), None) if name.is_empty() => {}
        _ => return Err(refused("credentials are KEY:SECRET@ before the bucket, both of them")),
    }
    use AmazonS3ConfigKey as Key;
    let sources = [
        Key::AccessKeyId,
        Key::WebIdentityTokenFile,
        Key::ContainerCredentialsRelativeUri,
        Key::ContainerCredentialsFullUri,
    ];
    let builder = environment();
    if sources.iter().all(|key| builder.get_config_value(key).is_none()) {
        let detail = "there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write the secret as \
                      s3://KEY:SECRET@bucket";
        return Err(Failure::Denied { detail: detail.to_owned() });
    }
    let built = builder.with_bucket_name(bucket).with_region(region).build();
    let detail = "the AWS variables of the environment do not make credentials; AWS_ACCESS_KEY_ID goes with AWS_SECRET_ACCESS_KEY";
    built.map(|store| store.credentials().clone()).map_err(|_| Failure::Denied { detail: detail.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<BucketAddress, Failure> {
        BucketAddress::parse(text)
    }

    #[test]
    fn addresses_are_taken_apart() {
        let address =
            parse("s3://K:S%2F%2B@my-bucket/a%20b/c/?endpoint=http://127.0.0.1:9000/&region=eu-north-1").unwrap();
        assert_eq!((address.bucket.as_str(), address.root.as_str()), ("my-bucket", "a b/c/"));
        assert_eq!((address.endpoint.as_str(), address.region.as_str()), ("http://127.0.0.1:9000", "eu-north-1"));
        assert!(address.loopback);
        let amazon = parse("s3://K:S@my-bucket?region=eu-north-1").unwrap();
        assert_eq!((amazon.endpoint.as_str(), amazon.root.as_str()), ("https://s3.eu-north-1.amazonaws.com", ""));
        assert!(!amazon.loopback);
        for open in ["http://localhost:9000", "http://[::1]:9000", "https://s3.example.net"] {
            parse(&format!("s3://K:S@my-bucket?endpoint={open}")).unwrap();
        }
        parse("s3://K:S@my-bucket?endpoint=http://s3.example.net&allow_http=true").unwrap();
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        for (wrong, why) in [
            ("s3://KEY:sesame@my-bucket?endpoint=http://s3.example.net", "allow_http=true"),
            ("s3://KEY:sesame@my-bucket?endpoint=http://127.0.0.1.example.net", "allow_http=true"),
            ("s3://KEY:sesame@my-bucket?endpoint=ftp://127.0.0.1", "`endpoint` must be like"),
            ("s3://KEY:sesame@my-bucket?endpoint=http://a:sesame@127.0.0.1", "before the bucket"),
            ("s3://KEY:sesame/x@my-bucket", "`/` as %2F"),
            ("s3://KEY@my-bucket", "both of them"),
            ("s3://KEY:@my-bucket", "both of them"),
            ("s3://:sesame@my-bucket", "both of them"),
            ("s3://KEY:sesame@my-bucket?token=sesame", "behind `?`"),
            ("s3://KEY:sesame@my-bucket?region=se/same", "`region` is a name"),
            ("s3://KEY:sesame@my-bucket/a//b", "the prefix"),
            ("s3://KEY:sesame@my-bucket:9000/a", "a port belongs"),
            ("s3://KEY:sesame@x", "the name of the bucket"),
            ("s3://KEY:sesame@my%2Fbucket", "the name of the bucket"),
            ("s3:///KEY:sesame", "the name of the bucket"),
        ] {
            let failure = parse(wrong).err().expect(wrong);
            let text = format!("{failure} {failure:?}");
            assert!(text.contains(why) && !text.contains("sesame") && !text.contains("KEY:s"), "{wrong}: {text}");
        }
    }
}
