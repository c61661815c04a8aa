//! What the folder says beside its data maps: declarations by family and name, promises, and the words of the notice.

use crate::policy::written::{Declaration, Given, Promises, Words};

/// All declarations of a folder, and what keeps which promise.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Declarations, in the order of the files.
    pub all: Vec<Declaration>,
    /// Facts of the company by key, such as `name` and `address`.
    pub company: Vec<(&'static str, String)>,
    /// Promises of the notice.
    pub promises: Promises,
    /// The words of the notice.
    pub notice: Option<Words>,
}

impl Said {
    /// The declarations of a family.
    pub fn of(&self, family: &str) -> impl Iterator<Item = &Declaration> {
        self.all.iter().filter(move |d| d.family.name == family)
    }

    /// The declaration of a family and name.
    pub fn find(&self, family: &str, id: &str) -> Option<&Declaration> {
        self.of(family).find(|d| d.id.it == id)
    }

    /// The declaration that a promise names as `FAMILY:NAME`.
    pub fn named(&self, name: &str) -> Option<&Declaration> {
        let (family, id) = name.split_once(':')?;
        self.find(family, id)
    }

    /// The value of a setting.
    pub fn setting(&self, name: &str) -> Option<&Given> {
        self.find("setting", name)?.get("value").map(|given| &given.it)
    }

    /// The word or text of a setting.
    pub fn setting_text(&self, name: &str) -> Option<&str> {
        self.setting(name)?.text()
    }

    /// Is a setting `true`?
    pub fn setting_flag(&self, name: &str) -> bool {
        matches!(self.setting(name), Some(Given::Flag(true)))
    }

    /// The same without one declaration, as if nobody had written it.
    pub fn without(&self, name: &str) -> Said {
        let mut rest = self.clone();
        rest.all.retain(|d| d.name() != name);
        if let Some(right) = name.strip_prefix("right:") {
            rest.all.iter_mut().filter(|d| d.family.name == "regime").for_each(|regime| withdraw(regime, right));
        }
        rest
    }
}

/// A right that nobody declares is not given by a regime either.
fn withdraw(regime: &mut Declaration, right: &str) {
    let lists = regime.values.iter_mut().filter(|(key, _)| key.it == "rights");
    for (_, given) in lists {
        if let Given::List(list) = &mut given.it {
            list.retain(|each| each.text() != Some(right));
        }
    }
}
