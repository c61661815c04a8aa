//! Bounds as they hold in one system.

use crate::policy::model::Limits;
use crate::policy::written;

impl Limits {
    /// A system's own bounds over those of the company over the safe ones.
    pub fn of(company: &written::Limits, own: &written::Limits) -> Limits {
        let safe = Limits::default();
        macro_rules! pick {
            ($field:ident) => {
                own.$field.as_ref().or(company.$field.as_ref()).map_or(safe.$field, |l| l.it)
            };
        }
        Limits {
            rows_per_table: pick!(rows_per_table),
            share_of_table: pick!(share_of_table),
            share_from: pick!(share_from),
            records_per_kind_and_person: pick!(records_per_kind_and_person),
            one_transaction: pick!(one_transaction),
            rows_per_second: own.rows_per_second.as_ref().or(company.rows_per_second.as_ref()).map(|l| l.it),
            statement_timeout_ms: pick!(statement_timeout_ms),
            lock_timeout_ms: pick!(lock_timeout_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::model::Limits;
    use crate::policy::parse::parse;
    use crate::source::Source;

    #[test]
    fn a_system_s_own_bounds_come_first_then_those_of_the_company() {
        let mut source = Source::default();
        source
            .add("policy.toml", "[limits]\nrows_per_second = 500\nlock_timeout = \"2s\"\nstatement_timeout = \"9s\"\n");
        source.add("systems/a.toml", "[system.limits]\nrows_per_second = 3\nlock_timeout = \"1s\"\n");
        source.add("systems/b.toml", "[system]\nkind = \"sqlite\"\n");
        let (folder, _) = parse(&source);
        let of = |system: usize| Limits::of(&folder.company.limits, &folder.systems[system].limits);
        let (own, company) = (of(0), of(1));
        assert_eq!((own.rows_per_second, own.lock_timeout_ms, own.statement_timeout_ms), (Some(3), 1_000, 9_000));
        assert_eq!((company.rows_per_second, company.lock_timeout_ms), (Some(500), 2_000));
        assert_eq!(Limits::of(&Default::default(), &Default::default()), Limits::default());
    }

    const COMPANY: &str = "[company]\nname = \"N\"\ncountry = \"NO\"\ncontact = \"a@n.example\"\n";

    #[test]
    fn at_no_rows_a_second_nothing_would_be_done() {
        for (text, codes) in [("rows_per_second = 0", &["U0009"][..]), ("rows_per_second = 1", &[])] {
            let mut source = Source::default();
            source.add("policy.toml", format!("{COMPANY}[limits]\n{text}\n"));
            let (folder, findings) = parse(&source);
            assert_eq!(findings.iter().map(|f| f.code.0).collect::<Vec<_>>(), codes, "{text}");
            let message = "`rows_per_second` is not a whole number from 1 up; leave the key out for no limit";
            assert!(findings.iter().all(|f| f.message == message), "{findings:?}");
            assert_eq!(folder.company.limits.rows_per_second.is_some(), codes.is_empty());
        }
    }
}
