# Renders every manual page without a warning, and has each shell read its completions.
set -eu
for page in /usr/share/man/man1/daypass*.1.gz; do
    man --warnings --encoding=UTF-8 --local-file "$page" > /tmp/page 2> /tmp/warnings
    test -s /tmp/page
    # How well a line fills its width says nothing of the page.
    if grep -v 'cannot adjust line' /tmp/warnings; then echo "$page"; exit 1; fi
done
man daypass | grep -q 'daypass'
bash --norc -ec '. /usr/share/bash-completion/completions/daypass; complete -p daypass'
zsh -fc 'autoload -U compinit; compinit -u -D; test "$_comps[daypass]" = _daypass && autoload +X _daypass'
fish -c 'complete --do-complete "daypass logi"' | grep -w login
# The variables of its editor stand in for it: without a terminal there is none.
{
    echo "var edit: = (ns [&completion:=(ns [&arg-completer=[&]]) &complex-candidate~={|text &display=''| put \$text}])"
    cat /usr/share/elvish/lib/daypass.elv
    echo '$edit:completion:arg-completer[daypass] daypass logi | each {|candidate| echo $candidate}'
} > /tmp/completions.elv
elvish -norc /tmp/completions.elv | grep --line-regexp login
echo "PowerShell is not in Debian: its completions were not read here"
