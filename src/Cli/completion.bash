# Completion of largerec for bash; printed by `largerec completion bash`.

_largerec()
{
    local before typed suggested word IFS=$'\n'
    # What stands left of the cursor, without the name of the program: the program itself knows what may follow.
    before=${COMP_LINE:0:COMP_POINT}
    before=${before#"${COMP_WORDS[0]}"}
    before=${before#"${before%%[![:space:]]*}"}
    # bash takes "=" for a word of its own; --option=VALUE is asked for as --option VALUE.
    if [[ $before =~ ^(.*--[a-z-]+)=([^[:space:]]*)$ ]]; then
        before="${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
        typed=${BASH_REMATCH[2]}
    else
        typed=${before##*[[:space:]]}
        # An option that is written out would be asked for its value; the beginning of all options brings them all.
        [[ $typed == -* ]] && before="${before%"$typed"}--"
    fi

    suggested=$("${COMP_WORDS[0]}" "[suggest:${#before}]" "$before" 2>/dev/null) || return
    COMPREPLY=()
    # Options are offered where one was begun, or where nothing else can stand.
    for word in $suggested; do
        [[ $word == "$typed"* && $word != [-/]* ]] && COMPREPLY+=("$word")
    done
    if [[ ${#COMPREPLY[@]} -eq 0 && ( -z $typed || $typed == -* ) ]]; then
        for word in $suggested; do
            [[ $word == "$typed"* && $word == --* ]] && COMPREPLY+=("$word")
        done
    fi
}

# Where the program suggests nothing, files and folders are completed.
complete -o bashdefault -o default -F _largerec largerec
