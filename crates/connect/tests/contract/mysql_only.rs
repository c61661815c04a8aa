//! What only MariaDB can get wrong.
