"""Types a line into an interactive shell on a terminal, as a user does, and prints what the shell made of it.

usage: type.py bash|zsh COMPLETION-FILE TEXT   (a tab in TEXT completes; the words that arrive at cairn are printed, one a line)
"""
import os, pty, select, sys, time

shell, completion, text = sys.argv[1:4]
PROMPT = b"READY" + b"> "
SETUP = {
    "bash": (["bash", "--norc", "--noprofile", "-i"],
             "bind 'set bell-style none'; source '%s'; " % completion),
    "zsh": (["zsh", "-f", "-i"],
            "unsetopt zle_bracketed_paste prompt_cr prompt_sp beep; zstyle ':completion:*' verbose no; bindkey '^I' expand-or-complete; "
            "fpath=('%s' $fpath); autoload -Uz compinit; compinit -D -u; " % os.path.dirname(completion)),
}
command, setup = SETUP[shell]
setup += "cairn() { printf 'WORD''=%s''=\\n' \"$@\"; }; PS1='READY''> '; PROMPT=$PS1"

pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", LC_ALL="C.UTF-8", COLUMNS="400")
    os.execvp(command[0], command)


def read_until(end):
    seen, limit = b"", time.monotonic() + 60
    while not end(seen):
        ready, _, _ = select.select([terminal], [], [], max(0, limit - time.monotonic()))
        if not ready:
            sys.exit("no answer from %s, only: %r" % (shell, seen))
        seen += os.read(terminal, 65536)
    return seen


# The prompt that is asked for never stands in what is typed (its letters are quoted apart), so it is the shell's.
os.write(terminal, setup.encode() + b"\r")
read_until(lambda seen: PROMPT in seen)
os.write(terminal, b"cairn " + text.encode() + b"\r")
answer = read_until(lambda seen: PROMPT in seen[seen.rfind(b"WORD="):] if b"WORD=" in seen else False)
for line in answer.replace(b"\r", b"\n").split(b"\n"):
    if line.startswith(b"WORD=") and line.endswith(b"="):
        print(line[5:-1].decode())
os.close(terminal)
os.waitpid(pid, 0)
