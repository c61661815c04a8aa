//! The statements of annotated schemas and their tests.

use super::tokens::{Token, tokens};

/// A statement.
#[derive(Clone, Debug)]
pub enum Statement {
    Create(Table),
    Insert {
        table: String,
        columns: Vec<String>,
        rows: Vec<Vec<Option<String>>>,
    },
    Ask(Ask),
    /// The application changes or deletes rows; as it is written.
    Change(String),
    /// A query of one table: of all that it holds, or of some.
    Select {
        table: String,
        all: bool,
    },
    /// Views, indices, transactions, explanations: what does not matter here.
    Other,
}

/// A person's right, exercised.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Forget, or else get.
    pub forget: bool,
    pub table: String,
    pub key: String,
}

/// A table with its annotations.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub name: String,
    pub data_subject: bool,
    pub columns: Vec<Column>,
    pub key: Vec<String>,
    pub references: Vec<Reference>,
    pub rules: Vec<Rule>,
}

#[derive(Clone, Debug, Default)]
pub struct Column {
    pub name: String,
    pub is_int: bool,
    pub not_null: bool,
    pub counts: bool,
    pub default: Option<String>,
}

/// A column that points at another table, and how rights follow it.
#[derive(Clone, Debug)]
pub struct Reference {
    pub column: String,
    pub way: Way,
    pub table: String,
    pub to: String,
}

impl Reference {
    /// Would a database take it for a foreign key? Both ends have to be of one type, and the other a key.
    pub fn may_be_declared(&self, tables: &[Table], table: &Table) -> bool {
        let is_int = |t: &Table, name: &str| t.columns.iter().find(|c| c.name == name).map(|c| c.is_int);
        let target = tables.iter().find(|t| t.name == self.table);
        target.is_some_and(|t| t.key == [self.to.clone()] && is_int(t, &self.to) == is_int(table, &self.column))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    OwnedBy,
    AccessedBy,
    Owns,
    Accesses,
    /// A plain foreign key.
    Plain,
    /// A foreign key that says nothing of rights.
    Only,
}

/// What a right does to a row that is reached along one reference.
#[derive(Clone, Debug)]
pub struct Rule {
    /// On forget, or else on get.
    pub forget: bool,
    /// A column of this table, or `table(column)` of one that points here.
    pub along: String,
    /// Columns that lose their value; none: the whole row.
    pub columns: Vec<String>,
}

/// All statements of a text, in order.
pub fn statements(text: &str) -> Result<Vec<Statement>, String> {
    let words = tokens(text);
    let split = words.split(|t| *t == Token::Sign(';')).filter(|s| !s.is_empty());
    let mut all = Vec::new();
    for words in split {
        let mut reader = Reader { words, at: 0 };
        all.push(reader.statement()?);
        // A table may end without a semicolon.
        while matches!(all.last(), Some(Statement::Create(_))) && reader.next_table() {
            all.push(reader.statement()?);
        }
    }
    Ok(all)
}

/// What begins statements that do not matter here.
const OTHER: [&str; 8] = ["SHOW", "SET", "CTX", "EXPLAIN", "DROP", "LOCK", "UNLOCK", "ALTER"];

struct Reader<'a> {
    words: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn statement(&mut self) -> Result<Statement, String> {
        if self.take("CREATE") {
            let data_subject = self.take("DATA_SUBJECT");
            return if self.take("TABLE") {
                self.table(data_subject).map(Statement::Create)
            } else {
                Ok(Statement::Other)
            };
        }
        if self.take("INSERT") {
            return self.insert();
        }
        if self.take("GDPR") {
            let forget = self.take("FORGET");
            if !forget {
                self.expect("GET")?;
            }
            let table = self.name()?;
            let key = self.value()?.ok_or("a person without key")?;
            return Ok(Statement::Ask(Ask { forget, table, key }));
        }
        if self.take("SELECT") {
            return self.select();
        }
        match self.peek() {
            Some(first) if first.is("UPDATE") || first.is("DELETE") => Ok(Statement::Change(self.written())),
            Some(first) if OTHER.iter().any(|h| first.is(h)) => Ok(Statement::Other),
            first => Err(format!("a statement that is not read here: {first:?}")),
        }
    }

    /// Goes on to the next table of a statement that holds several.
    fn next_table(&mut self) -> bool {
        while self.peek().is_some_and(|t| !t.is("CREATE")) {
            self.at += 1;
        }
        self.peek().is_some()
    }

    fn select(&mut self) -> Result<Statement, String> {
        let whole = self.take_sign('*') && self.take("FROM");
        if !whole {
            return Ok(Statement::Other);
        }
        let table = self.name()?;
        Ok(Statement::Select { table, all: self.peek().is_none() })
    }

    /// The statement as it is written.
    fn written(&self) -> String {
        let word = |token: &Token| match token {
            Token::Word(word) => word.clone(),
            Token::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Token::Sign(sign) => sign.to_string(),
        };
        self.words.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    fn table(&mut self, data_subject: bool) -> Result<Table, String> {
        if self.take("IF") {
            self.expect("NOT").and(self.expect("EXISTS"))?;
        }
        let mut table = Table { name: self.name()?, data_subject, ..Table::default() };
        self.sign('(')?;
        loop {
            self.item(&mut table)?;
            self.skip_item();
            if !self.take_sign(',') {
                self.sign(')')?;
                return Ok(table);
            }
        }
    }

    /// A column, a constraint or a rule.
    fn item(&mut self, table: &mut Table) -> Result<(), String> {
        if self.take("CONSTRAINT") {
            self.name()?;
        }
        if self.take("PRIMARY") {
            self.expect("KEY")?;
            if !self.next_is_sign('(') {
                self.name()?;
            }
            table.key = self.names()?;
        } else if self.take("FOREIGN") {
            self.expect("KEY")?;
            let columns = self.names()?;
            let [column] = &columns[..] else { return Err(format!("a foreign key of {} columns", columns.len())) };
            let reference = self.reference(column)?.ok_or("a foreign key to nothing")?;
            table.references.push(reference);
        } else if self.take("ON") {
            let forget = self.take("DEL");
            if !forget {
                self.expect("GET")?;
            }
            let bare = self.take_sign('(');
            let mut along = self.name()?;
            if bare {
                self.sign(')')?;
            }
            if self.next_is_sign('(') {
                along = format!("{along}({})", self.names()?.join(","));
            }
            let columns = if self.take("DELETE_ROW") { Vec::new() } else { self.expect("ANON").and(self.names())? };
            table.rules.push(Rule { forget, along, columns });
        } else if !["UNIQUE", "KEY", "INDEX"].iter().any(|k| self.peek().is_some_and(|t| t.is(k))) {
            self.column(table)?;
        }
        Ok(())
    }

    fn column(&mut self, table: &mut Table) -> Result<(), String> {
        let mut column = Column { name: self.name()?, ..Column::default() };
        let class = self.name()?.to_ascii_lowercase();
        column.is_int = ["int", "integer", "bigint", "smallint", "tinyint", "boolean"].contains(&class.as_str());
        while let Some(word) = self.peek().cloned() {
            if let Some(reference) = self.reference(&column.name)? {
                table.references.push(reference);
            } else if self.take("PRIMARY") {
                table.key = vec![column.name.clone()];
            } else if self.take("DEFAULT") {
                column.default = self.value()?;
            } else if self.take("NOT") {
                column.not_null = true;
            } else if self.take("AUTO_INCREMENT") {
                column.counts = true;
            } else if self.next_is_sign('(') {
                self.skip_parentheses();
            } else if matches!(word, Token::Sign(',' | ')')) {
                break;
            } else {
                self.at += 1;
            }
        }
        table.columns.push(column);
        Ok(())
    }

    fn reference(&mut self, column: &str) -> Result<Option<Reference>, String> {
        let ways = [
            ("OWNED_BY", Way::OwnedBy),
            ("ACCESSED_BY", Way::AccessedBy),
            ("OWNS", Way::Owns),
            ("ACCESSES", Way::Accesses),
            ("REFERENCES", Way::Plain),
        ];
        let Some((_, way)) = ways.into_iter().find(|(word, _)| self.take(word)) else { return Ok(None) };
        let way = if way == Way::Plain && self.take("ONLY") { Way::Only } else { way };
        let table = self.name()?;
        let to = self.names()?.pop().ok_or("a reference to no column")?;
        Ok(Some(Reference { column: column.to_owned(), way, table, to }))
    }

    fn insert(&mut self) -> Result<Statement, String> {
        self.expect("INTO")?;
        let table = self.name()?;
        let columns = if self.next_is_sign('(') { self.names()? } else { Vec::new() };
        if self.take("SET") {
            return Ok(Statement::Other);
        }
        self.expect("VALUES")?;
        let mut rows = Vec::new();
        loop {
            self.sign('(')?;
            let mut row = vec![self.value()?];
            while self.take_sign(',') {
                row.push(self.value()?);
            }
            self.sign(')')?;
            rows.push(row);
            if !self.take_sign(',') {
                return Ok(Statement::Insert { table, columns, rows });
            }
        }
    }

    fn value(&mut self) -> Result<Option<String>, String> {
        let token = self.peek().cloned();
        self.at += 1;
        match token {
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("NULL") => Ok(None),
            Some(Token::Word(word) | Token::Text(word)) => Ok(Some(word)),
            other => Err(format!("a value instead of {other:?}")),
        }
    }

    fn name(&mut self) -> Result<String, String> {
        self.value()?.ok_or_else(|| "a name instead of NULL".to_owned())
    }

    fn names(&mut self) -> Result<Vec<String>, String> {
        self.sign('(')?;
        let mut names = vec![self.name()?];
        while self.take_sign(',') {
            names.push(self.name()?);
        }
        self.sign(')')?;
        Ok(names)
    }

    fn peek(&self) -> Option<&Token> {
        self.words.get(self.at)
    }

    fn take(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_some_and(|t| t.is(keyword));
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, keyword: &str) -> Result<(), String> {
        if self.take(keyword) { Ok(()) } else { Err(format!("{keyword} instead of {:?}", self.peek())) }
    }

    fn next_is_sign(&self, sign: char) -> bool {
        self.peek() == Some(&Token::Sign(sign))
    }

    fn take_sign(&mut self, sign: char) -> bool {
        let found = self.next_is_sign(sign);
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, sign: char) -> Result<(), String> {
        if self.take_sign(sign) { Ok(()) } else { Err(format!("`{sign}` instead of {:?}", self.peek())) }
    }

    /// Whatever else an item says.
    fn skip_item(&mut self) {
        while let Some(token) = self.peek() {
            match token {
                Token::Sign(',' | ')') => return,
                Token::Sign('(') => self.skip_parentheses(),
                _ => self.at += 1,
            }
        }
    }

    fn skip_parentheses(&mut self) {
        let mut depth = 0;
        while let Some(token) = self.peek() {
            match token {
                Token::Sign('(') => depth += 1,
                Token::Sign(')') => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}
