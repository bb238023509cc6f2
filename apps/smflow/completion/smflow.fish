# Completion of smflow in fish: asks the program that is being typed what the word at the cursor can become.

function __smflow_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l answers ($before[1] __complete $before[2..-1] "$current" 2>/dev/null)
    if test "$answers[1]" = :files
        set -l option (string match -r -- '^--[^=]*=' "$current")
        for path in (__fish_complete_path (string replace -- "$option" '' "$current"))
            echo "$option$path"
        end
    else
        printf '%s\n' $answers
    end
end

complete -c smflow -f -a '(__smflow_complete)'
