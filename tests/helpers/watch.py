"""Collects what an engine publishes, and waits for it."""

import threading

PATIENCE = 120


class Watch:
    """Pass `publish` to an engine; `wait` returns the first event that fits."""

    def __init__(self) -> None:
        self.events = []
        self._came = threading.Condition()

    def publish(self, event) -> None:
        with self._came:
            self.events.append(event)
            self._came.notify_all()

    def wait(self, kind, fits=lambda event: True, since=0):
        with self._came:
            found = self._came.wait_for(lambda: self._first(kind, fits, since), PATIENCE)
        assert found, f"no {kind.__name__} among {self.events[since:]}"
        return found

    def _first(self, kind, fits, since):
        return next((e for e in self.events[since:] if isinstance(e, kind) and fits(e)), None)
