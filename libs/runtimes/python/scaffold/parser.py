def main(context):
    """Answers a request with its body, and an event with its data."""
    return {"received": context.body}
