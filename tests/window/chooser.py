"""Plays the desktop portal and looks at what the program does with its answers.

Started inside a session bus of its own: chooser.py PROGRAM FILE OTHER. The first request fails late, the second names
OTHER with 'read-only' ticked. Prints lines of JSON.
"""

import json
import os
import subprocess
import sys

import spoken
from spoken import check, find, keys, wait_for

from gi.repository import Atspi, Gio, GLib  # noqa: E402

INTERFACE = """
<node>
  <interface name="org.freedesktop.portal.FileChooser">
    <method name="OpenFile">
      <arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="a{sv}" direction="in"/><arg type="o" direction="out"/>
    </method>
  </interface>
</node>
"""

# Later than anybody would take for a cancel.
LATE_MS = 900

asked = []


def answer(bus, sender, token, code, results):
    path = "/org/freedesktop/portal/desktop/request/{}/{}".format(sender[1:].replace(".", "_"), token)

    def send():
        bus.emit_signal(
            sender,
            path,
            "org.freedesktop.portal.Request",
            "Response",
            GLib.Variant("(ua{sv})", (code, results)),
        )
        return False

    GLib.timeout_add(LATE_MS, send)
    return path


def serve(bus, other):
    def call(_bus, sender, _path, _interface, _method, arguments, invocation):
        parent, title, options = arguments.unpack()
        asked.append((parent, title, options))
        if len(asked) == 1:
            path = answer(bus, sender, options["handle_token"], 2, {})
        else:
            uris = GLib.Variant("as", [GLib.filename_to_uri(other, None)])
            results = {"uris": uris, "writable": GLib.Variant("b", False)}
            path = answer(bus, sender, options["handle_token"], 0, results)
        invocation.return_value(GLib.Variant("(o)", (path,)))

    interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
    bus.register_object("/org/freedesktop/portal/desktop", interface, call, None, None)
    Gio.bus_own_name_on_connection(bus, "org.freedesktop.portal.Desktop", 0, None, None)


def main():
    path, other = sys.argv[2:]
    spoken.switch_on()
    Atspi.init()
    listener = Atspi.EventListener.new(spoken.listen)
    for event in spoken.EVENTS:
        listener.register(event)
    serve(Gio.bus_get_sync(Gio.BusType.SESSION, None), other)
    program = subprocess.Popen(sys.argv[1:3], env={**os.environ, "LIBGL_ALWAYS_SOFTWARE": "1"})
    try:
        window = wait_for("the window", lambda: spoken.window_of(program))
        wait_for("the cells", lambda: find(window, "table cell", "0x0"))
        keys("ctrl+o")
        wait_for("the request", lambda: len(asked) == 1)
        parent, _title, options = asked[0]
        check("the parent is an X11 window", parent.startswith("x11:"), True)
        folder = bytes(options["current_folder"]).rstrip(b"\0").decode()
        check("the folder of the file in front", folder, os.path.dirname(path))
        check("several files", options["multiple"], True)
        wait_for("the path field", lambda: find(window, "dialog", "Open path"))
        wait_for(
            "the reason",
            lambda: any("can't be shown" in entry["text"] for entry in spoken.heard),
        )
        keys("Escape", "ctrl+o")
        wait_for("the second request", lambda: len(asked) == 2)
        wait_for("the other file", lambda: find(window, "page tab", os.path.basename(other)))
        wait_for("its lock", lambda: find(window, "label", "read-only"))
    finally:
        program.kill()
        program.wait()
    print(json.dumps({"ok": True}), flush=True)


main()
