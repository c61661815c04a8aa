--# a letter is its writer's and its reader's
CREATE DATA_SUBJECT TABLE person (id INT PRIMARY KEY, name TEXT);
CREATE TABLE letter (
  id INT PRIMARY KEY,
  writer INT OWNED_BY person(id),
  reader INT OWNED_BY person(id),
  body TEXT,
  ON DEL writer ANON (writer, body)
);
INSERT INTO person VALUES (1, 'Ann'), (2, 'Bo'), (3, 'Cy');
INSERT INTO letter VALUES (10, 1, 2, 'to Bo'), (11, 2, 1, 'to Ann'), (12, 1, 1, 'to myself'), (13, 2, 3, 'to Cy');
GDPR GET person 1;
--> person|1|Ann
--> letter|10|1|2|to Bo
--> letter|11|2|1|to Ann
--> letter|12|1|1|to myself
GDPR FORGET person 1;
--= person|2|Bo
--= person|3|Cy
--= letter|10|NULL|2|NULL
--= letter|11|2|1|to Ann
--= letter|13|2|3|to Cy
GDPR GET person 1;
GDPR FORGET person 2;
--= letter|13|NULL|3|NULL
GDPR FORGET person 3;
--= letter

--# a shelf is its club's, and goes with the last member
CREATE DATA_SUBJECT TABLE person (id INT, name TEXT, PRIMARY KEY (id));
CREATE TABLE shelf (nr INT, room TEXT, PRIMARY KEY (nr));
CREATE TABLE member (
  id INT PRIMARY KEY,
  who INT,
  FOREIGN KEY (who) OWNED_BY person(id),
  shelf INT,
  FOREIGN KEY (shelf) OWNS shelf(nr)
);
CREATE TABLE book (id INT PRIMARY KEY, shelf INT REFERENCES shelf(nr), title TEXT);
INSERT INTO person VALUES (1, 'Ann'), (2, 'Bo');
INSERT INTO shelf VALUES (100, 'north'), (200, 'south'), (300, 'nobody''s');
INSERT INTO member VALUES (1, 1, 100), (2, 1, 200), (3, 2, 200), (4, 2, 200);
INSERT INTO book VALUES (1, 100, 'Emma'), (2, 200, 'Persuasion'), (3, 300, 'Villette');
GDPR GET person 2;
--> person|2|Bo
--> member|3|2|200
--> member|4|2|200
--> shelf|200|south
--> book|2|200|Persuasion
GDPR FORGET person 1;
--= shelf|200|south
--= shelf|300|nobody's
--= book|2|200|Persuasion
--= book|3|300|Villette
--= member|3|2|200
--= member|4|2|200
GDPR FORGET person 2;
--= shelf|300|nobody's
--= book|3|300|Villette
--= member

--# a person brought by another is nobody's alone
CREATE DATA_SUBJECT TABLE person (id INT PRIMARY KEY, name TEXT);
CREATE DATA_SUBJECT TABLE guest (id INT PRIMARY KEY, name TEXT, host INT REFERENCES person(id));
INSERT INTO person VALUES (1, 'Ann'), (2, 'Bo');
INSERT INTO guest VALUES (1, 'Dee', 1), (2, 'Eli', 2);
GDPR GET person 1;
--> person|1|Ann
--> guest|1|Dee|1
GDPR GET guest 1;
--> guest|1|Dee|1
GDPR FORGET person 1;
--= person|2|Bo
--= guest|1|Dee|1
--= guest|2|Eli|2
GDPR FORGET guest 1;
--= guest|2|Eli|2
