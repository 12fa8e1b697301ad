# Everything you need for a function: define a handler.
#
# event    what the caller sent, parsed from JSON, for example {"name": "Alice"}
# context  about this call: context.aws_request_id, context.get_remaining_time_in_millis(), …
#
# What you return is the answer, as JSON. What you raise is the caller's error.


def handler(event, context):
    name = event.get("name", "World")

    # Anything you print is kept with this call and shown next to its result.
    print(f"greeting {name}")

    return f"Hello, {name}!"
