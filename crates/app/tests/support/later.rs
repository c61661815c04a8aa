//! The program on a clock of the test's own: a small library, preloaded into the very binary that is shipped, puts the time
//! ahead. Nothing of this is in the program.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const AHEAD: &str = "#define _GNU_SOURCE\n#include <stdlib.h>\n#include <sys/syscall.h>\n#include <time.h>\n#include <unistd.h>\n\
    int clock_gettime(clockid_t clock, struct timespec *now) {\n\
        const char *days = getenv(\"DAYS_AHEAD\");\n\
        int failed = syscall(SYS_clock_gettime, clock, now);\n\
        if (clock == CLOCK_REALTIME && days) now->tv_sec += atol(days) * 86400;\n\
        return failed;\n}\n";

/// The library, compiled once for this process.
pub fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let id = std::process::id();
        let (source, library) = (folder.join(format!("ahead-{id}.c")), folder.join(format!("ahead-{id}.so")));
        std::fs::write(&source, AHEAD).expect("a temporary file");
        let mut compile = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
        let compiled = compile.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).output();
        let compiled = compiled.expect("this test needs a C compiler: apt-get install gcc libc6-dev");
        assert!(compiled.status.success(), "{compiled:?}");
        library
    })
}
