import platform

import humanize


def main(context):
    """Greets whoever the request's body or the event's data names."""
    data = context.body or {}
    return {
        "message": f"Hello, {data.get('name', 'world')}!",
        "runtime": f"python {platform.python_version()}",
        "size": humanize.naturalsize(len(str(data))),
    }
