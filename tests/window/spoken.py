"""Uses the program as a screen reader does, over AT-SPI, and prints what it was told as lines of JSON.

Started inside a session bus of its own: spoken.py PROGRAM FILE. Keys go through xdotool to the window.
"""

import json
import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

PATIENCE = 60.0
EVENTS = (
    "object:state-changed:focused",
    "object:state-changed:selected",
    "object:announcement",
    "object:property-change:accessible-name",
)

heard = []


def listen(event):
    try:
        heard.append(
            {
                "event": event.type,
                "role": event.source.get_role_name(),
                "name": event.source.get_name(),
                "on": event.detail1,
                "text": str(event.any_data),
            }
        )
    except GLib.Error:
        # It was gone before it could be asked.
        pass


def wait_for(what, ask):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        GLib.MainContext.default().iteration(False)
        try:
            answer = ask()
        except GLib.Error:
            answer = None
        if answer:
            return answer
        time.sleep(0.005)
    print(json.dumps({"failed": what, "heard": heard[-40:]}), flush=True)
    sys.exit(1)


def switch_on():
    """Tells the desktop that a screen reader is on."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    for name in ("IsEnabled", "ScreenReaderEnabled"):
        arguments = GLib.Variant("(ssv)", ("org.a11y.Status", name, GLib.Variant("b", True)))
        bus.call_sync(
            "org.a11y.Bus",
            "/org/a11y/bus",
            "org.freedesktop.DBus.Properties",
            "Set",
            arguments,
            None,
            0,
            5000,
            None,
        )


def window_of(program):
    desktop = Atspi.get_desktop(0)
    for at in range(desktop.get_child_count()):
        app = desktop.get_child_at_index(at)
        if app and app.get_process_id() == program.pid and app.get_child_count():
            return app.get_child_at_index(0)
    return None


def nodes(top):
    yield top
    for at in range(top.get_child_count()):
        child = top.get_child_at_index(at)
        if child:
            yield from nodes(child)


def find(window, role, name):
    for node in nodes(window):
        if node.get_role_name() == role and name in node.get_name():
            return node
    return None


def keys(*names):
    heard.clear()
    subprocess.run(["xdotool", "key", "--clearmodifiers", "--delay", "40", *names], check=True)


def has(event, name, role=None):
    return any(
        entry["event"].startswith(event)
        and entry["on"]
        and name in (entry["name"], entry["text"])
        and role in (None, entry["role"])
        for entry in heard
    )


def expect_focus(role, name):
    wait_for(f"the focus on {role} {name}", lambda: has("object:state-changed:focused", name, role))


def expect_message(text):
    wait_for(f"the message {text}", lambda: has("object:announcement", text))


def check(what, found, wanted):
    if found != wanted:
        print(json.dumps({"failed": what, "found": found, "wanted": wanted}), flush=True)
        sys.exit(1)


def walk(window, path):
    check("the window's name", window.get_name(), os.path.basename(path) + " – pagelens")
    table = find(window, "table", "bytes")
    row = table.get_child_at_index(0)
    check("the row", (row.get_role_name(), row.get_name().split(",")[0]), ("table row", "0000 0000"))
    cell = row.get_child_at_index(1)
    check(
        "the cell",
        (cell.get_role_name(), cell.get_name(), cell.get_description()),
        ("table cell", "65 e, 0x1", "row 1, column 2"),
    )
    keys("Right")
    expect_focus("table cell", "65 e, 0x1")
    keys("Down")
    expect_focus("table cell", "6c l, 0x11")
    keys("shift+Right")
    wait_for("the selection", lambda: has("object:state-changed:selected", "6c l, 0x11", "table cell"))
    expect_message("1 byte selected")
    keys("ctrl+c")
    expect_message("Copied.")
    keys("Escape", "Right", "4", "1")
    wait_for("the typed byte", lambda: any("41 written at" in entry["text"] for entry in heard))


def menus_and_questions(window):
    keys("alt+f")
    expect_focus("menu item", "New")
    menu = find(window, "menu", "File")
    check("the menu", menu is not None, True)
    keys("Right")
    wait_for("the next menu", lambda: find(window, "menu", "Edit"))
    keys("Escape")
    keys("ctrl+g")
    expect_focus("entry", "Go to")
    dialog = find(window, "dialog", "Go to")
    check("the question is modal", dialog.get_state_set().contains(Atspi.StateType.MODAL), True)
    keys("z", "Return")
    wait_for("the refusal", lambda: any(e["event"].startswith("object:announcement") for e in heard))
    keys("Escape")
    keys("ctrl+f")
    expect_focus("entry", "find")
    keys("7", "8", "7", "8", "7", "8", "Return")
    expect_message("Not found.")
    keys("Escape")
    keys("ctrl+shift+p")
    expect_focus("list item", "New")
    keys("Down")
    expect_focus("list item", "Open…")
    keys("Escape")
    digits = find(window, "combo box", "digits")
    check("the list's value", digits.get_child_at_index(0).get_name(), "Hex")


def array(window):
    keys("ctrl+t")
    wait_for("the array", lambda: find(window, "table", "array"))
    wait_for("the item's cell", lambda: any("[0]" in entry["name"] for entry in heard))
    keys("Right")
    wait_for(
        "the next item",
        lambda: any("[1]" in e["name"] and e["event"].endswith("focused") and e["on"] for e in heard),
    )


def main():
    path = sys.argv[2]
    switch_on()
    Atspi.init()
    listener = Atspi.EventListener.new(listen)
    for event in EVENTS:
        listener.register(event)
    program = subprocess.Popen(sys.argv[1:], env={**os.environ, "LIBGL_ALWAYS_SOFTWARE": "1"})
    try:
        window = wait_for("the window", lambda: window_of(program))
        wait_for("the cells", lambda: find(window, "table cell", "48 H, 0x0"))
        walk(window, path)
        menus_and_questions(window)
        array(window)
    finally:
        program.kill()
        program.wait()
    print(json.dumps({"ok": True}), flush=True)


if __name__ == "__main__":
    main()
