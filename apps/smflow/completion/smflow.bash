# Completion of smflow in bash: asks the program that is being typed what the word at the cursor can become.

_smflow() {
  local program=${COMP_WORDS[0]/#\~/$HOME} rest=${COMP_LINE:0:COMP_POINT} words=() breaks= word answer i

  # bash cuts words at '=' and ':', too; what stands together in the line is one word.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    local gap=${rest%%[![:space:]]*}
    rest=${rest#"$gap"}
    word=${COMP_WORDS[i]}
    ((i == COMP_CWORD)) && word=$rest
    if ((i == 0)) || [[ -n $gap ]]; then
      words+=("$word")
    else
      words[-1]+=$word
    fi
    rest=${rest#"$word"}
  done
  local current=${words[-1]}

  COMPREPLY=()
  while IFS= read -r answer; do
    if [[ $answer == :files ]]; then
      compopt -o default
      return
    fi
    COMPREPLY+=("${answer%%$'\t'*}")
  done < <("$program" __complete "${words[@]:1}" 2>/dev/null)

  # What is before the last cut stays in the line, so that it is no part of the answer.
  [[ $COMP_WORDBREAKS == *=* ]] && breaks+='='
  [[ $COMP_WORDBREAKS == *:* ]] && breaks+=':'
  if [[ -n $breaks && $current == *[$breaks]* ]]; then
    local before=${current%"${current##*[$breaks]}"}
    COMPREPLY=("${COMPREPLY[@]#"$before"}")
  fi
  [[ ${#COMPREPLY[@]} -gt 0 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
}

complete -F _smflow smflow
