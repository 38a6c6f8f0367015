"""What a cell shows, kept as nbformat has it and capped where it is made.

A gigabyte of prints costs no more memory than what is kept: once a cell's room is used
up, further writes are counted and dropped, and one closing line says so.
"""

import io
import json
import re
from dataclasses import dataclass

from course.grade.worker.trimming import (
    head,
    middle_cut,
    size_in_words,
    size_of,
    text_of,
)

MAX_ERRORS = 10  # in one cell: a display in a loop may fail each time
MAX_MESSAGE_BYTES = 2_000
MAX_TRACEBACK_BYTES = 8_000
MAX_METADATA_BYTES = 10_000
# A cell's name as Python has it, in warnings and in tracebacks that a student prints.
CELL = re.compile(r"<ipython-input-(\d+)-[0-9a-f]+>")


@dataclass(frozen=True)
class Caps:
    """How much a submission may show.

    Args:
        cell_text_bytes, total_text_bytes: text of one cell, and of all together.
        image_bytes, total_image_bytes: one picture as base64, and all together.
        displays: outputs of one cell that are not prints.
        figure_pixels: height and width of a figure that is drawn.
    """

    cell_text_bytes: int = 100_000
    total_text_bytes: int = 1_000_000
    image_bytes: int = 2_000_000
    total_image_bytes: int = 20_000_000
    displays: int = 50
    figure_pixels: int = 4096


class Budget:
    """What is left to the whole submission."""

    def __init__(self, caps: Caps):
        self.text = caps.total_text_bytes
        self.images = caps.total_image_bytes


class Outputs:
    """The outputs of one cell, in order.

    Args:
        caps: how much it may show.
        budget: what is left to the submission; what is kept here is taken off.
    """

    def __init__(self, caps: Caps, budget: Budget):
        self._caps, self._budget = caps, budget
        self._clear_at_next = False
        self._start()

    def _start(self) -> None:
        self._items: list[dict] = []
        self._by_display_id: dict[str, dict] = {}
        self._text = self._images = 0  # bytes kept
        self._lost_text = self._lost_displays = self._lost_parts = 0
        self._displays = self._errors = 0
        self.deaf = False  # whether text is dropped, for some was cut already

    @property
    def full(self) -> bool:
        """Whether another display would be dropped; not if a clearing is due."""
        return self._displays >= self._caps.displays and not self._clear_at_next

    @property
    def has_error(self) -> bool:
        """Whether there is an error among them."""
        return self._errors > 0

    def write(self, name: str, text: str) -> None:
        """Keep what is written to the stream `name`, as far as there is room."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._clear_at_next:
            self.clear()
        kept = self._take(name_cells(text))
        self.deaf = bool(self._lost_text)
        if not kept:
            return
        last = self._items[-1] if self._items else {}
        if last.get("name") != name:
            last = {"output_type": "stream", "name": name, "text": io.StringIO()}
            self._items.append(last)
        last["text"].write(kept)

    def display(self, data, metadata=None, display_id=None, update=False, count=None):
        """Keep a bundle of representations.

        Args:
            data: MIME type -> representation.
            metadata: MIME type -> about the representation.
            display_id: names the display, so that it can be updated.
            update: replaces the display of that name instead of adding one.
            count: In[count] whose value this is; None for other displays.
        """
        if self._clear_at_next:
            self.clear()
        known = self._by_display_id.get(display_id)
        if update:
            if known is not None:
                known.update(data=self._bundle(data), metadata=_plain(metadata))
            return
        if self.full:
            self.drop_display()
            return
        self._displays += 1
        kind = "display_data" if count is None else "execute_result"
        item = {"output_type": kind, "data": self._bundle(data)}
        item["metadata"] = _plain(metadata)
        if count is not None:
            item["execution_count"] = count
        if display_id is not None:
            self._by_display_id[display_id] = item
        self._items.append(item)

    def drop_display(self) -> None:
        """Count a display that was not even made."""
        self._lost_displays += 1

    def error(self, name: str, message: str, traceback: list[str]) -> None:
        """Keep an error; of many, the first ones and the last."""
        if self._clear_at_next:
            self.clear()
        if self._errors >= MAX_ERRORS:
            kinds = [item["output_type"] for item in self._items]
            del self._items[len(kinds) - 1 - kinds[::-1].index("error")]
        self._errors += 1
        text = middle_cut("\n".join(map(str, traceback)), MAX_TRACEBACK_BYTES)
        self._items.append(
            {
                "output_type": "error",
                "ename": head(str(name), 200),
                "evalue": head(name_cells(message), MAX_MESSAGE_BYTES),
                "traceback": text.split("\n"),
            }
        )

    def clear(self, wait: bool = False) -> None:
        """Forget what was shown so far, at once or when something new comes."""
        self._clear_at_next = wait
        if wait:
            self.deaf = False
        else:
            self._budget.text += self._text
            self._budget.images += self._images
            self._start()

    def close(self) -> list[dict]:
        """The outputs in plain data, with a closing line for what was dropped."""
        closing = "".join(f"... {line}\n" for line in self._closing_lines())
        for item in self._items:
            if item["output_type"] == "stream":
                item["text"] = item["text"].getvalue()
        if closing:
            last = self._items[-1] if self._items else {}
            if last.get("name") == "stdout":
                last["text"] = f"{last['text'].rstrip()}\n{closing}"
            else:
                stream = {"output_type": "stream", "name": "stdout", "text": closing}
                self._items.append(stream)
        return self._items

    def _closing_lines(self) -> list[str]:
        lines = []
        if self._lost_text:
            cell, total = self._caps.cell_text_bytes, self._caps.total_text_bytes
            in_all = self._text < cell - 3  # part of a character may be left out
            words = f"{size_in_words(total)} in all" if in_all else size_in_words(cell)
            lines.append(f"output cut after {words}")
        if self._lost_displays:
            lines.append(
                f"{self._lost_displays} more displays cut after {self._caps.displays}"
            )
        if self._lost_parts:
            lines.append(f"{self._lost_parts} large pictures or pages left out")
        return lines

    def _room(self) -> int:
        return min(self._caps.cell_text_bytes - self._text, self._budget.text)

    def _take(self, text: str) -> str:
        """As much of a text as there is room for; the rest counts as lost."""
        kept = head(text, self._room())
        size = len(kept.encode())
        self._text += size
        self._budget.text -= size
        self._lost_text += len(text) - len(kept)
        return kept

    def _take_whole(self, mime: str, content: str) -> str | None:
        """A picture, a page or a formula: half of it would be of no use."""
        is_image = mime.startswith("image/") or "data:image/" in content
        if not is_image:
            if size_of(content) <= self._room():
                return self._take(content)
        elif len(content) <= min(self._caps.image_bytes, self._budget.images):
            self._images += len(content)
            self._budget.images -= len(content)
            return content
        self._lost_parts += 1
        return None

    def _bundle(self, data: dict) -> dict:
        bundle = {}
        # The plain text first: where there is room for one only, it is this.
        for mime in sorted(map(str, data), key=lambda mime: mime != "text/plain"):
            content = text_of(data.get(mime))
            if content is None or len(mime) > 100:
                continue
            if mime == "text/plain":
                bundle[mime] = self._take(content)
                continue
            kept = self._take_whole(mime, content)
            if kept is not None:
                is_json = not isinstance(data[mime], str | bytes)
                bundle[mime] = json.loads(kept) if is_json else kept
        return bundle


def name_cells(text: str) -> str:
    """A text in which cells have the names that IPython's tracebacks give them."""
    return CELL.sub(r"Cell In[\1]", text) if "<ipython-input-" in text else text


def _plain(metadata) -> dict:
    content = text_of(metadata)
    if not isinstance(metadata, dict) or content is None:
        return {}
    return json.loads(content) if len(content) <= MAX_METADATA_BYTES else {}
