"""The counting itself: a second file, imported by its name."""

import re
from collections import Counter

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def most_frequent(text, limit):
    words = Counter(match.group().casefold() for match in WORD.finditer(text))
    # Frequent ones first; the alphabet decides between equals, so that the answer is always the same.
    return sorted(words.items(), key=lambda item: (-item[1], item[0]))[:limit]
