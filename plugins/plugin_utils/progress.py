# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of modules over many rows, which shows their progress: a module itself shows nothing before it ends."""

from __future__ import annotations

import shlex
import threading
import uuid
from contextlib import suppress

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

display = Display()

INTERVAL = 10


class ProgressAction(ActionBase):
    """The action of a module with the option ``progress``, a file that the module keeps up to date."""

    _supports_check_mode = True
    _supports_async = True
    _requires_connection = True

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        del tmp
        wrap_async = self._task.async_val and not self._connection.has_native_async
        args = dict(self._task.args)
        watch = None
        if self._is_watched():
            args.setdefault("progress", f"/tmp/sentori-{uuid.uuid4().hex}")
            host = (task_vars or {}).get("inventory_hostname", "")
            watch = Watch(
                lambda: self._read(args["progress"]),
                lambda line: display.display(f"<{host}> {line}"),
                self._task.poll if wrap_async else INTERVAL,
            )
        result.update(self._execute_module(module_args=args, task_vars=task_vars, wrap_async=wrap_async))
        if not wrap_async:
            if watch is not None:
                watch.end()
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return result

    def _is_watched(self):
        """Whether the user sees this task while it runs, and has asked for it."""
        if self._task.async_val:
            return self._task.poll > 0
        return display.verbosity > 0

    def _read(self, path):
        if self._connection.transport == "local":
            with suppress(OSError), open(path, encoding="utf-8") as file:
                return file.read().strip()
            return ""
        done = self._low_level_execute_command(f"cat {shlex.quote(path)} 2>/dev/null", sudoable=False)
        return done["stdout"].strip()


class Watch:
    """Reads a line and shows it at an interval, until ``end`` is called or the process ends.

    The process lives on while Ansible polls an async task, and so does this. Its failures are ignored: it is optional.
    """

    def __init__(self, read, show, interval):
        self._read = read
        self._show = show
        self._interval = interval
        self._over = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def end(self):
        self._over.set()

    def _run(self):
        while not self._over.wait(self._interval):
            with suppress(Exception):
                line = self._read()
                if line and not self._over.is_set():
                    self._show(line)
