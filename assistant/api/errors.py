"""The one place where errors become HTTP answers: `{"erreur": {"code", "message"}}`, in French."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.domain.errors import BoussoleError, InvalidInput, Unavailable
from assistant.messages import french
from knowledge.errors import IndexUnavailable, KnowledgeError

_log = logging.getLogger(__name__)

_NOT_FOUND = {"conversation_unknown", "turn_unknown", "route_unknown"}
_CODES_BY_STATUS = {404: "route_unknown", 405: "method_not_allowed"}


def error_response(error: BoussoleError | KnowledgeError, status: int) -> JSONResponse:
    """The JSON answer for `error`."""
    return JSONResponse({"erreur": {"code": error.code, "message": french(error)}}, status_code=status)


def status_of(error: BoussoleError | KnowledgeError) -> int:
    """The HTTP status that says who acts: the caller (4xx), time (503) or the operator (500)."""
    if error.code in _NOT_FOUND:
        return 404
    if isinstance(error, InvalidInput):
        return 422
    return 503 if isinstance(error, Unavailable | IndexUnavailable) else 500


def add_error_handlers(app: FastAPI) -> None:
    """Make every error of `app`'s own routes take the one shape."""

    async def on_known_error(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, BoussoleError | KnowledgeError)
        status = status_of(error)
        if status >= 500:
            _log.error("%s: %s", type(error).__name__, error)
        return error_response(error, status)

    async def on_invalid_request(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        # What was typed is not repeated: a message may end in a log, a question never does.
        field = ".".join(str(part) for part in error.errors()[0]["loc"] if part != "body")
        return error_response(InvalidInput("request_invalid", field=field), 422)

    async def on_http_error(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        code = _CODES_BY_STATUS.get(error.status_code, "request_invalid")
        return error_response(InvalidInput(code, field=""), error.status_code)

    async def on_unexpected_error(_: Request, error: Exception) -> JSONResponse:
        _log.error("Unexpected %s", type(error).__name__, exc_info=error)
        return error_response(Unavailable("internal_error"), 500)

    app.add_exception_handler(BoussoleError, on_known_error)
    app.add_exception_handler(KnowledgeError, on_known_error)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(Exception, on_unexpected_error)
