"""Serves one function through func-python: python start.py <file of the function>"""

import os
import sys

from load_function import load_function
from serving import Function

import func_python.http


def main(path: str) -> None:
    function = Function(load_function(path), os.environ)
    host = os.environ.get("SLIPWAY_LISTEN_HOST", "0.0.0.0")
    os.environ["LISTEN_ADDRESS"] = f"{host}:{os.environ.get('PORT', '8080')}"

    def new() -> Function:
        return function

    func_python.http.serve(new)


if __name__ == "__main__":
    main(sys.argv[1])
