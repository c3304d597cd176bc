"""Runs a command for as long as its own standard input is open: `bed-guard.py FOLDER COMMAND...`

Whoever starts the guard holds the other end of that pipe. However they end, kill -9 included, the system closes it;
then the guard kills the command with all that the command has started, and removes FOLDER. There is nothing in it
that would have to be saved, so nobody is asked to end nicely.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading

folder, command = sys.argv[1], sys.argv[2:]
child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
is_ending = threading.Event()


def end_with_parent():
    while os.read(0, 1024):
        pass
    is_ending.set()
    child.kill()
    child.wait()
    shutil.rmtree(folder, ignore_errors=True)
    try:
        os.rmdir(os.path.dirname(folder))
    except OSError:
        pass  # a sibling's folder is still in it
    # the guard leads a group of its own, so this reaches the command's children and nobody else
    if os.getpgid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


ending = threading.Thread(target=end_with_parent, daemon=True)
ending.start()
code = child.wait()
if is_ending.is_set():
    ending.join()
# by itself: the folder stays for the parent, who wants to read the log in it
os._exit(code if code >= 0 else 128 - code)
