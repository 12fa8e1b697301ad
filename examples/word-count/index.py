"""Counts words: {"text": "to be or not to be"} gives the five most frequent ones."""

from counting import most_frequent


def handler(event, context):
    text = event.get("text")
    if not isinstance(text, str):
        # What is raised here is what the caller sees, with this message.
        raise ValueError(f"text must be a string, was {type(text).__name__}")

    words = most_frequent(text, limit=event.get("limit", 5))
    print(f"{len(text)} characters, {len(words)} words in the answer")
    return {"words": [{"word": word, "count": count} for word, count in words]}
