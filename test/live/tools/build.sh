#!/usr/bin/env bash
# Builds the real servers of the live suite from Go modules, into a cache outside the repository; builds only what is missing.
#
#   test/live/tools/build.sh            build what is missing, print the folders
#   test/live/tools/build.sh kwok       only this one
#   test/live/tools/build.sh --check    only say whether they can be built here (Go is new enough)
#
# Folder: ${XDG_CACHE_HOME:-~/.cache}/gonogo-live/<tool>-<version>/. The versions are those of the go.mod files beside this script.
# Needs Go 1.24 or newer and a module proxy (the usual GOPROXY).
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/gonogo-live
all=(etcd kubernetes kwok argo-rollouts)
slow=''
command -v nice >/dev/null && slow='nice -n 10'

say() { printf '[live tools] %s\n' "$*"; }

die() {
  say "$*" >&2
  exit 1
}

need_go() {
  local version
  command -v go >/dev/null || PATH=$PATH:/usr/local/go/bin
  command -v go >/dev/null || die 'Go is not installed: it is needed once, to build the servers (1.24 or newer: https://go.dev/dl)'
  # Asked inside a module: from 1.21 on Go fetches the newer version that a module wants by itself, unless GOTOOLCHAIN=local.
  version=$(cd "$here/etcd" && go env GOVERSION) || die "$(go env GOVERSION) is too old: Go 1.24 or newer is needed (https://go.dev/dl)"
  printf '%s\n%s\n' go1.24 "$version" | sort -V -C || die "Go 1.24 or newer is needed, this is $version (https://go.dev/dl)"
}

main_module() { # tool -> the module whose version names the folder
  case $1 in
    kubernetes) echo k8s.io/kubernetes ;;
    etcd) echo go.etcd.io/etcd/server/v3 ;;
    kwok) echo sigs.k8s.io/kwok ;;
    argo-rollouts) echo github.com/argoproj/argo-rollouts ;;
    *) die "no such tool: $1 (there are: ${all[*]})" ;;
  esac
}

version_of() { awk -v module="$(main_module "$1")" '{ sub(/^require /, ""); sub(/^[ \t]+/, "") } $1 == module { sub(/^v/, "", $2); print $2; exit }' "$here/$1/go.mod"; }

files_of() { # tool -> what must be in its folder
  case $1 in
    kubernetes) echo kube-apiserver kube-controller-manager kube-scheduler kubectl ;;
    etcd) echo etcd ;;
    kwok) echo kwok stages-node-fast.yaml stages-node-heartbeat.yaml crds.yaml ;;
    argo-rollouts) echo rollouts-controller kubectl-argo-rollouts crds.yaml ;;
  esac
}

complete() { # tool folder
  local file
  for file in $(files_of "$1"); do [ -s "$2/$file" ] || return 1; done
}

join_yaml() { # files… -> one stream of documents
  local file
  for file in "$@"; do
    [ "$(basename "$file")" = kustomization.yaml ] && continue
    printf -- '---\n'
    cat "$file"
  done
}

# What the servers need besides their programs, taken from the same module.
extras() { # tool folder
  local source
  source=$(go list -m -f '{{.Dir}}' "$(main_module "$1")")
  case $1 in
    etcd) mv "$2/server" "$2/etcd" ;;
    kwok)
      join_yaml "$source"/kustomize/stage/node/fast/*.yaml >"$2/stages-node-fast.yaml"
      join_yaml "$source"/kustomize/stage/node/heartbeat-with-lease/*.yaml >"$2/stages-node-heartbeat.yaml"
      join_yaml "$source"/kustomize/crd/bases/*.yaml >"$2/crds.yaml"
      ;;
    argo-rollouts) join_yaml "$source"/manifests/crds/*.yaml >"$2/crds.yaml" ;;
  esac
}

build() { # tool
  local tool=$1 version folder made started=$SECONDS flags='-s -w' v=k8s.io/component-base/version
  version=$(version_of "$tool")
  [ -n "$version" ] || die "no version for $tool in $here/$tool/go.mod"
  folder=$cache/$tool-$version
  if complete "$tool" "$folder"; then
    say "$tool $version is there: $folder"
    return 0
  fi
  need_go
  say "building $tool $version (minutes, once)"
  made=$(mktemp -d "$cache/.building-$tool-XXXXXX")
  # Without these flags clients cannot parse the server's version.
  [ "$tool" = kubernetes ] && flags="$flags -X $v.gitVersion=v$version -X $v.gitMajor=${version%%.*} -X $v.gitMinor=$(cut -d. -f2 <<<"$version")"
  [ "$tool" = argo-rollouts ] && flags="$flags -X github.com/argoproj/argo-rollouts/utils/version.version=v$version"
  if ! (cd "$here/$tool" && CGO_ENABLED=0 $slow go build -mod=readonly -trimpath -ldflags "$flags" -o "$made/" tool && extras "$tool" "$made"); then
    rm -rf "$made"
    die "$tool $version could not be built: see the lines above"
  fi
  complete "$tool" "$made" || die "$tool $version was built, but not all of it is in $made"
  chmod 755 "$made"
  rm -rf "$folder"
  mv "$made" "$folder"
  say "$tool $version built in $((SECONDS - started)) s: $folder"
}

if [ "${1:-}" = --check ]; then
  need_go
  exit 0
fi
[ $# -gt 0 ] || set -- "${all[@]}"
missing=()
for tool in "$@"; do
  main_module "$tool" >/dev/null
  version=$(version_of "$tool")
  complete "$tool" "$cache/$tool-$version" || missing+=("$tool")
done
if [ ${#missing[@]} -eq 0 ]; then
  say "everything is there: $*, in $cache"
  exit 0
fi
mkdir -p "$cache"
# One build at a time: a second caller waits for the first and then finds everything there.
if command -v flock >/dev/null; then
  exec 9>"$cache/.lock"
  flock -n 9 || { say 'another build is running, waiting for it'; flock 9; }
fi
for tool in "${missing[@]}"; do build "$tool"; done
say "everything is there after $SECONDS s"
