#!/usr/bin/env python3
"""Runs a command and searches its memory for secrets: search-memory.py NEEDLES REPORT COMMAND [ARGUMENT]...

NEEDLES is a file with one secret a line, REPORT the file for what was found: a line 'found SECRET WHERE' for each, and at
last 'searched N times, M MiB at the end'. The exit status is that of the command, or 125 if it could not be traced.

All pages that the process has are looked at, as text and as UTF-16, every now and then and once more when it ends: the kernel
stops the thread that ends it before any memory is given back. So there is always a search at which everything is still
there that no garbage collection has cleared away. Files that it holds open are searched as well, also unlinked ones.
"""
import ctypes
import os
import signal
import sys

CONT, DETACH, SEIZE, INTERRUPT = 7, 17, 0x4206, 0x4207
TRACE_CLONE, TRACE_EXIT = 0x8, 0x40
EVENT_EXIT, EVENT_STOP = 6, 128
ALL = 0x40000000
PAGE = os.sysconf('SC_PAGE_SIZE')
PIECE = 16 << 20

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, pid, data=0):
    if libc.ptrace(request, pid, None, data) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def present(pagemap, start, end):
    """Runs of pages that are in memory or in swap: an address space is mostly empty."""
    first = None
    for at in range(start, end, PIECE):
        count = (min(end, at + PIECE) - at) // PAGE
        os.lseek(pagemap, at // PAGE * 8, os.SEEK_SET)
        entries = os.read(pagemap, count * 8)
        for i in range(len(entries) // 8):
            there = entries[i * 8 + 7] & 0xC0
            address = at + i * PAGE
            if there and first is None:
                first = address
            elif not there and first is not None:
                yield first, address
                first = None
    if first is not None:
        yield first, end


class Search:
    def __init__(self, needles):
        self.forms = [(needle, form) for needle in needles for form in (needle, needle.decode().encode('utf-16-le'))]
        self.longest = max(len(form) for _, form in self.forms)
        # secrets that begin alike are looked for by that first: most pieces of memory then need two passes, not two a secret
        common = os.path.commonprefix(needles)
        self.begin = [common, common.decode().encode('utf-16-le')]
        self.found = {}
        self.times = 0
        self.ended = False
        self.bytes = 0

    def look(self, data, where):
        if not any(begin in data for begin in self.begin):
            return
        for needle, form in self.forms:
            if form in data:
                self.found.setdefault((needle, where))

    def memory(self, pid):
        self.times += 1
        self.bytes = 0
        memory = os.open(f'/proc/{pid}/mem', os.O_RDONLY)
        pagemap = os.open(f'/proc/{pid}/pagemap', os.O_RDONLY)
        with open(f'/proc/{pid}/maps', encoding='utf-8', errors='replace') as maps:
            areas = [line.split(maxsplit=5) for line in maps]
        for area in areas:
            name = area[5].strip() if len(area) > 5 else 'anonymous memory'
            if 'r' not in area[1] or name in ('[vvar]', '[vvar_vclock]', '[vsyscall]') or 'w' not in area[1] and name.startswith('/'):
                continue
            start, end = (int(part, 16) for part in area[0].split('-'))
            for low, high in present(pagemap, start, end):
                tail = b''
                for at in range(low, high, PIECE):
                    try:
                        data = os.pread(memory, min(PIECE, high - at), at)
                    except OSError:
                        tail = b''
                        continue
                    self.bytes += len(data)
                    self.look(tail + data, name)
                    tail = data[-self.longest:]
        os.close(memory)
        os.close(pagemap)

    def files(self, pid):
        for number in os.listdir(f'/proc/{pid}/fd'):
            if int(number) < 3:
                continue  # what it prints the caller has
            path = f'/proc/{pid}/fd/{number}'
            try:
                if os.path.isfile(path):
                    with open(path, 'rb') as file:
                        while data := file.read(PIECE):
                            self.look(data, 'the open file ' + os.readlink(path))
            except OSError:
                pass


def ends_all(thread):
    """Whether a thread that ends is the one that ends the process, by exit_group(2)."""
    try:
        with open(f'/proc/{thread}/syscall', encoding='ascii') as call:
            return call.read().split()[0] == {'x86_64': '231', 'aarch64': '94'}[os.uname().machine]
    except ProcessLookupError:
        return False  # killed while it stood, by the one that does


def start(command):
    """A child that stands still before it becomes the command. To be called before the secrets are known here."""
    pid = os.fork()
    if pid == 0:
        os.kill(os.getpid(), signal.SIGSTOP)
        try:
            os.execvp(command[0], command)
        finally:
            os._exit(127)
    os.waitpid(pid, os.WUNTRACED)
    return pid


def run(search, pid):
    try:
        ptrace(SEIZE, pid, TRACE_EXIT | TRACE_CLONE)
    except OSError as e:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        print(f'search-memory: cannot trace: {e}', file=sys.stderr)
        sys.exit(125)
    os.kill(pid, signal.SIGCONT)

    def interrupt(*_):
        try:
            ptrace(INTERRUPT, pid)
        except OSError:
            pass

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    while True:
        thread, status = os.waitpid(-1, ALL)
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            if thread == pid:
                return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
            continue
        event = status >> 16
        if event == EVENT_EXIT and ends_all(thread):
            search.memory(thread)
            search.files(thread)
            search.ended = True
        elif event == EVENT_STOP and thread == pid:
            search.memory(pid)
            signal.setitimer(signal.ITIMER_REAL, 0.5)
        try:
            ptrace(CONT, thread, 0 if event else os.WSTOPSIG(status))
        except ProcessLookupError:
            pass  # it was killed while it stood


def main():
    pid = start(sys.argv[3:])
    with open(sys.argv[1], 'rb') as file:
        search = Search(file.read().split())
    status = run(search, pid)
    with open(sys.argv[2], 'wb') as report:
        for needle, where in sorted(search.found):
            report.write(b'found %s in %s\n' % (needle, where.encode()))
        if search.ended:
            report.write(b'searched %d times, %d MiB at the end\n' % (search.times, search.bytes >> 20))
    sys.exit(status)


main()
