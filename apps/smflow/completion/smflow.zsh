#compdef smflow
# Completion of smflow in zsh: asks the program that is being typed what the word at the cursor can become.

_smflow() {
  local program=${~words[1]} answer
  local -a answers values keys descriptions key_descriptions
  answers=("${(@f)$("$program" __complete "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  if [[ $answers[1] == :files ]]; then
    compset -P '--*='
    _files
    return
  fi
  for answer in ${answers:#}; do
    local value=${answer%%$'\t'*} line=${answer/$'\t'/  }
    if [[ $value == *= ]]; then
      keys+=("$value")
      key_descriptions+=("$line")
    else
      values+=("$value")
      descriptions+=("$line")
    fi
  done
  (( $#keys )) && compadd -l -S '' -d key_descriptions -a keys
  (( $#values )) && compadd -l -d descriptions -a values
  (( $#keys + $#values ))
}

if [[ $funcstack[1] == _smflow ]]; then
  _smflow "$@"
else
  compdef _smflow smflow
fi
