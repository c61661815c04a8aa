//! What conditions exclude. Only what is plain from the map and the types counts; `None` means that it is not known.

use crate::policy::model::{Column, Cond, Table, Test};
use crate::policy::written;
use crate::schema::Class;
use crate::value::Value;

/// The first column for whose tests there is no value, so that no row can fulfil all of the conditions.
pub fn excluded<'t>(table: &'t Table, conditions: &[&Cond]) -> Option<&'t Column> {
    let all = || conditions.iter().flat_map(|c| &c.0);
    all().map(|(column, _)| *column).find_map(|ix| {
        let tests: Vec<&Test> = all().filter(|(c, _)| *c == ix).map(|(_, test)| test).collect();
        let column = &table.columns[ix];
        (!possible(column, &tests)).then_some(column)
    })
}

/// Why no value of a column fulfils one test by itself.
pub fn never(column: &Column, test: &Test) -> Option<String> {
    if possible(column, &[test]) {
        return None;
    }
    let is = |what: &str| format!("the column is `{}`, not {what}", column.type_name);
    Some(match test {
        Test::In(list) if list.is_empty() => "nothing equals a value of an empty list".to_owned(),
        Test::In(_) => "the column takes no NULL".to_owned(),
        Test::Prefix(_) if is_text(column) => "no text in the column is that long".to_owned(),
        Test::Prefix(_) => is("text"),
        Test::Bit(_) => is("a whole number"),
        Test::Not(_) | Test::Lt(_) | Test::Gt(_) => "nothing is less or greater than NULL".to_owned(),
        Test::Lookup(_) => "nothing is found there".to_owned(),
    })
}

/// Does every row that fulfils `narrow` also fulfil `wide`?
pub fn implies(narrow: &Cond, wide: &Cond) -> bool {
    wide.0.iter().all(|(column, test)| narrow.0.iter().any(|(c, t)| c == column && covers(test, t)))
}

fn covers(wide: &Test, narrow: &Test) -> bool {
    match (wide, narrow) {
        (a, b) if a == b => true,
        (wide, Test::In(list)) => !list.is_empty() && list.iter().all(|v| wide.holds(v)),
        _ => false,
    }
}

fn possible(column: &Column, tests: &[&Test]) -> bool {
    let listed = tests.iter().find_map(|test| match test {
        Test::In(list) => Some(list),
        _ => None,
    });
    if let Some(list) = listed {
        let can_be = |value: &&Value| column.nullable || !value.is_null();
        return list.iter().filter(can_be).any(|value| tests.iter().all(|test| test.holds(value)));
    }
    let single = tests.iter().all(|test| match test {
        Test::Prefix(p) => is_text(column) && column.max_chars.is_none_or(|max| p.chars().count() <= max as usize),
        Test::Bit(_) => matches!(column.class, Class::Int | Class::Other | Class::Bool),
        Test::Lt(bound) | Test::Gt(bound) => !bound.is_null(),
        // What another table holds is not known here.
        Test::In(_) | Test::Not(_) | Test::Lookup(_) => true,
    });
    single && between(tests) && prefixes(tests)
}

fn is_text(column: &Column) -> bool {
    matches!(column.class, Class::Text | Class::Other)
}

/// Is there room between the bounds?
fn between(tests: &[&Test]) -> bool {
    let below = tests.iter().filter_map(|t| if let Test::Lt(v) = t { Some(v) } else { None });
    below.clone().all(|high| {
        let above = tests.iter().filter_map(|t| if let Test::Gt(v) = t { Some(v) } else { None });
        above.clone().all(|low| match (low, high) {
            (Value::Int(low), Value::Int(high)) => high.checked_sub(*low).is_none_or(|room| room > 1),
            _ => Test::Gt(low.clone()).holds(high) || !Test::Lt(low.clone()).holds(high) && low != high,
        })
    })
}

fn prefixes(tests: &[&Test]) -> bool {
    let all: Vec<&str> = tests.iter().filter_map(|t| if let Test::Prefix(p) = t { Some(&**p) } else { None }).collect();
    all.iter().all(|a| all.iter().all(|b| a.starts_with(b) || b.starts_with(a)))
}

/// A condition as written, if all of it could be resolved.
pub fn resolved(table: &Table, written: &written::Condition) -> Option<Cond> {
    let part = |(name, test): &(written::Name, crate::source::At<written::Test>)| {
        Some((table.column(&name.it)?, self::test(&test.it)?))
    };
    written.parts.iter().map(part).collect::<Option<Vec<_>>>().map(Cond)
}

/// A test as written; none where values are looked up elsewhere.
pub fn test(written: &written::Test) -> Option<Test> {
    let values = |list: &[written::Literal]| list.iter().map(|l| l.it.clone()).collect::<Vec<_>>();
    Some(match written {
        written::Test::Is(list) => Test::In(values(list)),
        written::Test::Not(list) => Test::Not(Box::new(Test::In(values(list)))),
        written::Test::Lt(bound) => Test::Lt(bound.it.clone()),
        written::Test::Gt(bound) => Test::Gt(bound.it.clone()),
        written::Test::Prefix(prefix) => Test::Prefix(prefix.it.clone()),
        written::Test::Bit(n) => Test::Bit(n.it),
        written::Test::Lookup { .. } => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(class: Class, nullable: bool) -> Column {
        Column { type_name: "t".into(), nullable, max_chars: Some(4), ..Column::new("c".into(), class) }
    }

    fn is(values: &[i64]) -> Test {
        Test::In(values.iter().map(|v| Value::Int(*v)).collect())
    }

    #[test]
    fn what_no_value_fulfils() {
        let int = column(Class::Int, false);
        let (gt, lt) = (|n| Test::Gt(Value::Int(n)), |n| Test::Lt(Value::Int(n)));
        let not = |list: &[i64]| Test::Not(Box::new(is(list)));
        for tests in [
            vec![is(&[1]), is(&[2, 3])],
            vec![is(&[1, 2]), not(&[1, 2, 3])],
            vec![gt(3), lt(4)],
            vec![gt(3), is(&[1, 3])],
            vec![Test::In(vec![Value::Null])],
            vec![is(&[])],
            vec![Test::Prefix("x".into())],
        ] {
            assert!(!possible(&int, &tests.iter().collect::<Vec<_>>()), "{tests:?}");
        }
        for tests in [vec![is(&[1, 2]), is(&[2, 3])], vec![is(&[1]), not(&[2])], vec![gt(3), lt(5)], vec![not(&[])]] {
            assert!(possible(&int, &tests.iter().collect::<Vec<_>>()), "{tests:?}");
        }
        assert!(possible(&column(Class::Int, true), &[&Test::In(vec![Value::Null])]));
        let text = column(Class::Text, false);
        let prefix = |p: &str| Test::Prefix(p.into());
        assert!(possible(&text, &[&prefix("ab"), &prefix("a")]));
        assert!(!possible(&text, &[&prefix("ab"), &prefix("b")]));
        assert!(!possible(&text, &[&prefix("abcde")]));
    }

    #[test]
    fn a_list_within_another_is_covered() {
        assert!(implies(&Cond(vec![(0, is(&[1]))]), &Cond(vec![(0, is(&[1, 2]))])));
        assert!(!implies(&Cond(vec![(0, is(&[1, 3]))]), &Cond(vec![(0, is(&[1, 2]))])));
        assert!(implies(&Cond(vec![(0, is(&[1])), (1, is(&[1]))]), &Cond(vec![(0, is(&[1]))])));
        assert!(implies(&Cond::default(), &Cond::default()) && !implies(&Cond::default(), &Cond(vec![(0, is(&[1]))])));
    }
}
