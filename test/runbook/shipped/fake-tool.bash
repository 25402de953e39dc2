# Stands in for kubectl, gh, curl and others on PATH: writes down its arguments and answers from a small world in a file.
# Started as `bash fake-tool.bash DIRECTORY TOOL ARGUMENT...`. Builtins only: a whole runbook calls it a hundred times.
#
# The world is a file of lines `key=value`:
#   context                     name of the current context
#   DEPLOYMENT replicas|ready|image|revision, DEPLOYMENT history N    (outside `production`: NAMESPACE/NAME)
#   DEPLOYMENT broken           set: its new pods never become ready
#   NAMESPACE pods              what `kubectl get pods --no-headers` prints
#   top nodes                   what `kubectl top nodes --no-headers` prints
#   gh FIRST SECOND             what `gh FIRST SECOND ...` prints
# Calls go to `calls`: tool, arguments and the ready pods of all Deployments, separated by US, ended by RS.

directory=$1 tool=$2
shift 2
args=("$@")
declare -A world
while IFS='=' read -r key value; do world[$key]=$value; done <"$directory/world"

namespace=production deployment='' output='' replicas='' revision=0 image=''
for ((i = 0; i < ${#args[@]}; i++)); do
  case ${args[i]} in
    -n) namespace=${args[i + 1]} ;;
    -o) output=${args[i + 1]} ;;
    --replicas=*) replicas=${args[i]#*=} ;;
    --to-revision=*) revision=${args[i]#*=} ;;
    app=*) image=${args[i]#*=} ;;
    deployment/*) deployment=${args[i]#*/} ;;
    deployment) deployment=${args[i + 1]} ;;
  esac
done
[[ $namespace == production || -z $deployment ]] || deployment=$namespace/$deployment

fail() {
  printf '%s\n' "$1" >&2
  status=1
}

set_image() {
  world[$deployment image]=$1
  world[$deployment revision]=$((world[$deployment revision] + 1))
  world[$deployment history ${world[$deployment revision]}]=$1
}

field() {
  case ${output#jsonpath=} in
    '{.spec.replicas}') printf '%s' "${world[$deployment replicas]}" ;;
    '{.status.readyReplicas}') [[ ${world[$deployment ready]} == 0 ]] || printf '%s' "${world[$deployment ready]}" ;;
    '{.spec.template.spec.containers[0].name}') printf 'app' ;;
    '{.spec.template.spec.containers[0].image}') printf '%s' "${world[$deployment image]}" ;;
    '{.metadata.annotations.deployment\.kubernetes\.io/revision}') printf '%s' "${world[$deployment revision]}" ;;
    *) fail "error: no answer for $output" ;;
  esac
}

undo() {
  ((revision > 0)) || revision=$((world[$deployment revision] - 1))
  local wanted=${world[$deployment history $revision]:-}
  if [[ -z $wanted ]]; then
    fail "error: unable to find specified revision $revision in history"
  elif [[ $wanted == "${world[$deployment image]}" ]]; then
    printf 'deployment.apps/%s skipped rollback (current template already matches revision %s)\n' "$deployment" "$revision"
  else
    set_image "$wanted"
    printf 'deployment.apps/%s rolled back\n' "$deployment"
  fi
}

scale() {
  world[$deployment replicas]=$replicas
  if [[ -z ${world[$deployment broken]:-} ]] || ((world[$deployment ready] > replicas)); then world[$deployment ready]=$replicas; fi
  printf 'deployment.apps/%s scaled\n' "$deployment"
}

on_deployment() {
  case "$1 ${2:-}" in
    'get '*) if [[ $output == jsonpath=* ]]; then field; else printf 'NAME   READY\n'; fi ;;
    'rollout status')
      if ((world[$deployment ready] == world[$deployment replicas])); then
        printf 'deployment "%s" successfully rolled out\n' "$deployment"
      else
        fail 'error: timed out waiting for the condition'
      fi
      ;;
    'rollout undo') undo ;;
    'rollout history') printf 'REVISION  CHANGE-CAUSE\n' ;;
    'scale '*) scale ;;
    'set image')
      if [[ -z $image ]]; then
        fail 'error: unable to find container'
      elif [[ $image != "${world[$deployment image]}" ]]; then
        set_image "$image"
        printf 'deployment.apps/%s image updated\n' "$deployment"
      fi
      ;;
    *) fail "error: no answer for $1 ${2:-}" ;;
  esac
}

status=0
if [[ $tool == gh ]]; then
  printf '%b' "${world[gh $1 ${2:-}]:-}"
elif [[ $tool == kubectl && -n $deployment && -z ${world[$deployment replicas]:-} ]]; then
  fail "Error from server (NotFound): deployments.apps \"$deployment\" not found"
elif [[ $tool == kubectl && -n $deployment ]]; then
  on_deployment "$@"
elif [[ $tool == kubectl ]]; then
  case $1 in
    config) printf '%s\n' "${world[context]}" ;;
    get)
      if [[ " $* " == *' --no-headers '* ]]; then
        printf '%b' "${world[$namespace $2]:-}"
      elif [[ $output != jsonpath=* && $output != name ]]; then
        printf 'NAME   READY\n'
      fi
      ;;
    wait) printf 'condition met\n' ;;
    patch) printf 'service/checkout patched\n' ;;
    apply) printf 'configured\n' ;;
    auth) printf 'yes\n' ;;
    top) printf '%b' "${world[top $2]:-}" ;;
  esac
fi

ready=0
for key in "${!world[@]}"; do
  printf '%s=%s\n' "$key" "${world[$key]}"
  [[ $key == *' ready' ]] && ((ready += world[$key]))
done >"$directory/world"
{
  printf '%s\x1f' "$tool" "${args[@]}"
  printf '%s\x1e' "$ready"
} >>"$directory/calls"
exit "$status"
