--# who may see a file, and what of it
CREATE DATA_SUBJECT TABLE person (id INT PRIMARY KEY, name TEXT);
CREATE TABLE file (
  id INT PRIMARY KEY,
  owner INT OWNED_BY person(id),
  reviewer INT ACCESSED_BY person(id),
  note TEXT,
  verdict TEXT,
  ON GET reviewer ANON (owner, note),
  ON GET owner ANON (reviewer),
  ON DEL reviewer ANON (reviewer, verdict)
);
CREATE TABLE page (id INT PRIMARY KEY, file INT OWNED_BY file(id));
INSERT INTO person VALUES (1, 'Ann'), (2, 'Bo');
INSERT INTO file VALUES (10, 1, 2, 'mine', 'fine'), (11, 2, 2, 'own', 'own'), (12, 2, NULL, 'alone', NULL);
INSERT INTO page VALUES (1, 10), (2, 12);
GDPR GET person 1;
--> person|1|Ann
--> file|10|1|NULL|mine|fine
--> page|1|10
GDPR GET person 2;
--> person|2|Bo
--> file|10|NULL|2|NULL|fine
--> file|11|NULL|NULL|NULL|own
--> file|12|2|NULL|alone|NULL
--> page|1|10
--> page|2|12
GDPR FORGET person 2;
--= file|10|1|NULL|mine|NULL
--= page|1|10

--# shown to a room through a card
CREATE DATA_SUBJECT TABLE person (id INT PRIMARY KEY, name TEXT);
CREATE TABLE picture (id INT PRIMARY KEY, painter INT OWNED_BY person(id), price INT, ON GET card(picture) ANON (price));
CREATE TABLE card (id INT PRIMARY KEY, holder INT OWNED_BY person(id), picture INT ACCESSES picture(id));
INSERT INTO person VALUES (1, 'Ann'), (2, 'Bo');
INSERT INTO picture VALUES (7, 1, 900), (8, 1, 50);
INSERT INTO card VALUES (1, 2, 7), (2, 2, 8), (3, 1, 8);
GDPR GET person 2;
--> person|2|Bo
--> card|1|2|7
--> card|2|2|8
--> picture|7|1|NULL
--> picture|8|1|NULL
GDPR GET person 1;
--> person|1|Ann
--> card|3|1|8
--> picture|7|1|900
--> picture|8|1|NULL
GDPR FORGET person 2;
--= picture|7|1|900
--= picture|8|1|50
--= card|3|1|8

--# left out of an answer
CREATE DATA_SUBJECT TABLE person (id INT PRIMARY KEY, name TEXT);
CREATE TABLE report (
  id INT PRIMARY KEY,
  about INT OWNED_BY person(id),
  by_whom INT OWNED_BY person(id),
  ON GET about DELETE_ROW,
  ON DEL about DELETE_ROW
);
INSERT INTO person VALUES (1, 'Ann'), (2, 'Bo');
INSERT INTO report VALUES (1, 1, 2), (2, 2, 1), (3, 1, 1);
GDPR GET person 1;
--> person|1|Ann
--> report|2|2|1
GDPR FORGET person 1;
--= report|2|2|1

--# replies to a person's words
CREATE DATA_SUBJECT TABLE person (mail TEXT PRIMARY KEY);
CREATE TABLE word (
  id TEXT PRIMARY KEY,
  speaker TEXT OWNED_BY person(mail),
  answers TEXT ACCESSED_BY word(id),
  ON GET answers ANON (speaker),
  ON DEL answers DELETE_ROW
);
INSERT INTO person VALUES ('ann@x.example'), ('bo@y.example');
INSERT INTO word VALUES ('a', 'ann@x.example', NULL), ('b', 'bo@y.example', 'a'), ('c', 'ann@x.example', 'b'), ('d', 'bo@y.example', NULL);
GDPR GET person 'bo@y.example';
--> person|bo@y.example
--> word|b|bo@y.example|a
--> word|c|NULL|b
--> word|d|bo@y.example|NULL
GDPR FORGET person 'ann@x.example';
--= person|bo@y.example
--= word|d|bo@y.example|NULL

--# keys that say nothing of rights
CREATE DATA_SUBJECT TABLE person (id INT PRIMARY KEY, name TEXT, met INT REFERENCES ONLY person(id));
CREATE TABLE town (id INT PRIMARY KEY, name TEXT);
CREATE TABLE visit (id INT PRIMARY KEY, town INT REFERENCES town(id), guest INT OWNED_BY person(id), guide INT REFERENCES person(id));
INSERT INTO person VALUES (1, 'Ann', NULL), (2, 'Bo', 1);
INSERT INTO town VALUES (1, 'Oslo');
INSERT INTO visit VALUES (1, 1, 1, 2), (2, 1, 2, 1);
GDPR GET person 1;
--> person|1|Ann|NULL
--> visit|1|1|1|2
GDPR FORGET person 1;
--= person|2|Bo|1
--= town|1|Oslo
--= visit|2|1|2|1
