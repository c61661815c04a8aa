//! Passphrases that can be read aloud.

use zeroize::Zeroizing;

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aiou";

/// A passphrase of eight pronounceable words that holds all 128 bits of the given randomness: each word stands for 16 bits,
/// consonant, vowel, consonant, vowel, consonant (4, 2, 4, 2 and 4 bits).
pub fn passphrase(random: &[u8; 16]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(48));
    for pair in random.chunks_exact(2) {
        if !text.is_empty() {
            text.push('-');
        }
        let bits = u16::from_be_bytes([pair[0], pair[1]]);
        let consonant = |shift: u16| char::from(CONSONANTS[usize::from(bits >> shift & 15)]);
        let vowel = |shift: u16| char::from(VOWELS[usize::from(bits >> shift & 3)]);
        text.extend([consonant(12), vowel(10), consonant(6), vowel(4), consonant(0)]);
    }
    text
}
