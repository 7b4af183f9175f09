# Finds a Java 25 or newer without running one: asking java itself costs 40 ms. Sourced by bin/cairn (as lib/java.sh in the
# distribution), bin/check and bench/jmh.
# shellcheck shell=sh disable=SC2034 # the variables are for the caller

# Is the folder $1 a Java 25 or newer? If so sets jdk to it, and jdk_runtime, jdk_vendor and jdk_arch from its release file.
is_java() {
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    jdk_version='' jdk_runtime='' jdk_vendor='' jdk_arch=''
    while IFS='=' read -r key value || [ -n "$key" ]; do
        value=${value#\"}
        value=${value%\"}
        case $key in
        JAVA_VERSION) jdk_version=$value ;;
        JAVA_RUNTIME_VERSION) jdk_runtime=$value ;;
        IMPLEMENTOR_VERSION) jdk_vendor=$value ;;
        OS_ARCH) jdk_arch=$value ;;
        esac
    done <"$1/release"
    jdk_version=${jdk_version%%[!0-9]*}
    [ "${jdk_version:-0}" -ge 25 ] || return 1
    jdk=$1
}

# Sets the same; on failure jdk_error says what to do.
find_java() {
    if [ -n "${CAIRN_JAVA_HOME:-}" ]; then
        jdk_error="CAIRN_JAVA_HOME names no JDK 25 or newer: '$CAIRN_JAVA_HOME'"
        is_java "$CAIRN_JAVA_HOME"
        return
    fi
    for home in "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/java/* /usr/local/lib/jvm/* /opt/java/* /opt/*jdk* /opt/*jre* \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.local/share/mise/installs/java/* \
        "${HOME:-}"/.asdf/installs/java/* /snap/openjdk/current/jdk /home/linuxbrew/.linuxbrew/opt/openjdk/libexec; do
        is_java "$home" && return
    done
    if home=$(command -v java) && home=$(readlink -f -- "$home"); then
        is_java "${home%/bin/java}" && return
    fi
    # shellcheck disable=SC2034 # for the caller
    jdk_error='no JDK 25 or newer found: install one (Temurin, or openjdk-25-jre-headless), or set CAIRN_JAVA_HOME to its folder'
    return 1
}
