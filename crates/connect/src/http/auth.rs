//! How requests prove who sends them.

use engine::ask::Failure;
use engine::policy::written::http::Auth;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};

use super::template::parameter;

/// What a request carries. It has no `Debug`, for it is a secret.
pub(super) enum Proof {
    Nothing,
    Header(HeaderName, HeaderValue),
    /// A parameter, encoded.
    Query(String),
    /// A token has to be fetched first.
    Token,
}

/// What proves who we are, as far as it is known without asking for a token.
pub(super) fn proof(auth: Option<&Auth>, credential: &str) -> Result<Proof, Failure> {
    if auth.is_some() && credential.is_empty() {
        return Err(Failure::Denied { detail: "the credential is empty".to_owned() });
    }
    Ok(match auth {
        None => Proof::Nothing,
        Some(Auth::Bearer) => bearer(credential)?,
        Some(Auth::Basic) => header(AUTHORIZATION, &format!("Basic {}", base64(credential.as_bytes())))?,
        Some(Auth::Header { name, form }) => {
            let name = HeaderName::from_bytes(name.as_bytes());
            let name = name.map_err(|_| refused("`auth` names a header that cannot be one"))?;
            header(name, &form.replace("{}", credential))?
        }
        Some(Auth::Query { name }) => Proof::Query(parameter(name, credential)),
        Some(Auth::OAuth2 { .. }) => Proof::Token,
    })
}

/// A token that was given out.
pub(super) fn bearer(token: &str) -> Result<Proof, Failure> {
    header(AUTHORIZATION, &format!("Bearer {token}"))
}

/// `id:secret` as the two parameters of a request for a token.
pub(super) fn client_parameters(credential: &str) -> Result<Vec<String>, Failure> {
    let both = credential.split_once(':').ok_or_else(|| refused("the credential must be of the form `id:secret`"))?;
    Ok(vec![parameter("client_id", both.0), parameter("client_secret", both.1)])
}

fn header(name: HeaderName, text: &str) -> Result<Proof, Failure> {
    let value = HeaderValue::from_str(text);
    let mut value = value.map_err(|_| refused("the credential holds what cannot stand in a header"))?;
    value.set_sensitive(true);
    Ok(Proof::Header(name, value))
}

fn refused(reason: &str) -> Failure {
    Failure::Refused { reason: reason.to_owned() }
}

/// Base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let group = three.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for nth in 0..4 {
            let letter = LETTERS[(group >> (18 - 6 * nth)) as usize & 63];
            text.push(if nth > three.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_the_standard_says() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("a:b?>", "YTpiPz4=")]
        {
            assert_eq!(base64(plain.as_bytes()), coded, "{plain}");
        }
    }
}
