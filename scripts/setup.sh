# What ./demo and ./test share: finding what this machine lacks, saying so, asking, installing it. Sourced, not run.

packages=()   # Debian packages
components=() # rustup components

die() {
    printf '%s\n' "$@" >&2
    exit 1
}

# Upheld is built from source, so there must be a Rust as new as the workspace says.
need_rust() {
    local wanted found
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    # rustup tells cargo's place to new shells only.
    [ -d "$HOME/.cargo/bin" ] && PATH=$PATH:$HOME/.cargo/bin
    command -v cargo >/dev/null || die "Rust is not installed. Install Rust $wanted or newer: https://rustup.rs"
    found=$(rustc --version | cut -d' ' -f2)
    printf '%s\n%s\n' "$wanted" "$found" | sort -V -C ||
        die "Rust $found is too old; Upheld needs $wanted or newer. With rustup: rustup update stable"
}

# Two of the libraries (SQLite, ring) hold C.
need_c_compiler() {
    command -v cc >/dev/null || packages+=(gcc libc6-dev)
}

need_component() { # name, the cargo command it brings
    cargo "$2" --version >/dev/null 2>&1 || components+=("$1")
}

# The tests start servers of their own; only the programs are needed, all in one folder.
need_postgresql() {
    local folders folder
    IFS=: read -ra folders <<<"$PATH"
    for folder in "${folders[@]}" /usr/lib/postgresql/*/bin; do
        [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && [ -x "$folder/psql" ] && return
    done
    packages+=(postgresql)
}

# The pages of answers are looked at in a real browser.
need_chromium() {
    [ -n "${UPHELD_NO_BROWSER-}" ] && return
    command -v chromium >/dev/null && command -v chromedriver >/dev/null || packages+=(chromium chromium-driver)
}

need_mariadb() {
    command -v mariadb >/dev/null && command -v mariadb-install-db >/dev/null &&
        { command -v mariadbd >/dev/null || [ -x /usr/sbin/mariadbd ]; } && return
    packages+=(mariadb-server)
}

# Says what is missing, asks on a terminal unless the first argument is "yes", installs.
install_missing() {
    [ ${#packages[@]} -eq 0 ] && [ ${#components[@]} -eq 0 ] && return
    echo "This will be installed first:"
    [ ${#packages[@]} -eq 0 ] || echo "  Debian packages: ${packages[*]}"
    [ ${#components[@]} -eq 0 ] || echo "  Rust components: ${components[*]}"
    if [ "$1" != yes ] && [ -t 0 ]; then
        read -r -p "Go ahead? [y/N] " answer
        [[ $answer =~ ^[yY] ]] || die "Nothing was installed."
    fi
    if [ ${#components[@]} -gt 0 ]; then
        command -v rustup >/dev/null || die "There is no rustup here; install ${components[*]} as you installed Rust."
        rustup component add "${components[@]}"
    fi
    if [ ${#packages[@]} -gt 0 ]; then
        install_packages
    fi
}

install_packages() {
    command -v apt-get >/dev/null || die "There is no apt-get here; install what Debian calls: ${packages[*]}"
    as_root apt-get update -q
    if [[ " ${packages[*]} " == *" postgresql "* ]] && [ ! -e "$cluster_settings" ]; then
        without_cluster apt_install "${packages[@]}"
    else
        apt_install "${packages[@]}"
    fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

cluster_settings=/etc/postgresql-common/createcluster.conf

# Debian makes and starts a database cluster with the package. Nobody asked for one: switch that off meanwhile.
without_cluster() {
    apt_install postgresql-common
    as_root sed -i 's/^#create_main_cluster.*/create_main_cluster = false/' "$cluster_settings"
    "$@"
    as_root sed -i 's/^create_main_cluster = false$/#create_main_cluster = true/' "$cluster_settings"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "Installing needs root, and there is no sudo. As root: apt-get install ${packages[*]}"
    fi
}
