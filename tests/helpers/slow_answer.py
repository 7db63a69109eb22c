"""An answer of the server that is long on its way."""

import asyncio


class SlowAnswer:
    """Holds back what the server has already said, until it is let through.

    Args:
        part: of the gateway.
        call: the name of what is asked.
        monkeypatch: puts this in its place, until the test ends.
    """

    def __init__(self, part, call: str, monkeypatch) -> None:
        self.said, self.let_through, self.asked = asyncio.Event(), asyncio.Event(), 0
        self._ask = getattr(part, call)
        monkeypatch.setattr(part, call, self.ask)

    async def ask(self, *who, **more):
        """Ask as the product does; the answer comes when it is let through."""
        self.asked += 1
        answer = await self._ask(*who, **more)
        self.said.set()
        await self.let_through.wait()
        return answer
