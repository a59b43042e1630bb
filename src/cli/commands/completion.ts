import type { Command } from '../command.js';
import { UsageError } from '../usage.error.js';

const SHELLS: Readonly<Record<string, string>> = {
  bash: `_roundhouse() {
  local candidate
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    COMPREPLY+=("$candidate")
  done < <("\${COMP_WORDS[0]}" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # What stands before a colon is not replaced by bash: leave it out.
  local word=\${COMP_WORDS[COMP_CWORD]}
  if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$word"; fi
}
complete -o default -F _roundhouse roundhouse
`,
  zsh: `#compdef roundhouse
_roundhouse() {
  local word says
  local -a found
  while IFS=$'\\t' read -r word says; do
    found+=("\${word//:/\\\\:}:$says")
  done < <("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then _describe -t roundhouse roundhouse found; else _files; fi
}
compdef _roundhouse roundhouse
`,
  fish: `function __roundhouse_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  $words[1] __complete -- $words[2..-1] "$current" 2>/dev/null
end
complete -c roundhouse -a '(__roundhouse_complete)'
`,
};

export const completion: Command = {
  operands: ['bash|zsh|fish'],
  details:
    'Commands and options are completed, and the names of queues, types and schedules where the service answers within 0.7 s.',
  examples: [
    {
      line: 'source <(roundhouse completion bash)',
      says: 'In ~/.bashrc; for zsh the same in ~/.zshrc, after compinit.',
    },
    {
      line: 'roundhouse completion fish > roundhouse.fish',
      says: 'For fish, in ~/.config/fish/completions.',
    },
  ],
  async run(_settings, _extras, [shell = '']) {
    const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
    if (script === undefined)
      throw new UsageError(`There are completions for bash, zsh and fish, not for "${shell}".`);
    process.stdout.write(script);
    return 0;
  },
};
