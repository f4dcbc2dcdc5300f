# Functions that build Go programs in .cache/bin, for the scripts .ci/fetch-*. These set `-euo pipefail` and source this file
# in the root of the repository. Modules and compiled packages stay in Go's own caches.

script=$(basename "$0")

fail() {
  echo "$script: $1" >&2
  exit 1
}

# Whether .cache/bin has this version of a program, according to the build information that Go writes into each binary.
has_program() { # NAME MODULE VERSION
  [ -x ".cache/bin/$1" ] && grep -aqF "mod	$2	$3	" ".cache/bin/$1"
}

# Builds `PACKAGE@VERSION` in .cache/bin. The program appears there only when it is complete: Go writes it to another folder
# of .cache first, and a move within one file system is atomic.
build_program() { # PACKAGE VERSION [FLAG…]
  local package=$1 version=$2 name=${1##*/} begin=$SECONDS go
  shift 2
  go=$(PATH="$PATH:/usr/local/go/bin" command -v go) || fail 'Go is missing; install it from https://go.dev/dl/'
  mkdir -p .cache/bin
  build_folder=$(mktemp -d "$PWD/.cache/build.XXXXXX")
  # Go would create the folder again if it outlived the script.
  trap 'kill "${build:-}" 2>/dev/null || true; wait "${build:-}" 2>/dev/null || true; rm -rf "$build_folder"' EXIT
  echo "$script: building $name $version; Go prints each package that it compiles"
  GOBIN=$build_folder GOTMPDIR=$build_folder "$go" install -v "$@" "$package@$version" &
  build=$!
  wait "$build"
  mv "$build_folder/$name" ".cache/bin/$name"
  rm -rf "$build_folder"
  trap - EXIT
  echo "$script: built .cache/bin/$name in $((SECONDS - begin)) seconds"
}
