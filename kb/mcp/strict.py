"""A server that says in plain words what is wrong with a call, and refuses unknown arguments instead of ignoring
them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS
from pydantic import ValidationError

if TYPE_CHECKING:
    from mcp.server.mcpserver.context import Context
    from mcp_types import CallToolResult, GetPromptResult, InputRequiredResult

NO_JUDGEMENT = "None of them says whether a criterion is met, and none scores or ranks: a named person decides."


class StrictServer(MCPServer):
    """The server of the MCP library, with refusals for what that library accepts silently."""

    async def call_tool(
        self,
        name: str,
        arguments: dict[str, Any],  # as the kit declares it
        context: Context | None = None,
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool. Raises ToolError for an unknown tool, and for an argument that is unknown or of a wrong type."""
        tools = {tool.name: tool for tool in await self.list_tools()}
        if name not in tools:
            raise ToolError(f"Unknown tool: {name[:60]}. Tools are: {', '.join(tools)}. {NO_JUDGEMENT}")
        known = tools[name].input_schema.get("properties", {})
        for given in arguments or {}:
            if given not in known:
                raise ToolError(f"{name} has no argument '{given[:60]}'. {_offered(known)}")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                raise ToolError(f"{name}: {_in_words(error.__cause__)}") from error
            raise

    async def get_prompt(
        self,
        name: str,
        arguments: dict[str, Any] | None = None,  # as the kit declares it
        context: Context | None = None,
    ) -> GetPromptResult | InputRequiredResult:
        """Return a prompt. Raises MCPError for an unknown prompt, and for an argument that is missing, unknown or too
        long."""
        prompts = {prompt.name: prompt for prompt in await self.list_prompts()}
        if name not in prompts:
            raise _refused(f"there is no prompt '{name[:60]}'. Prompts are: {', '.join(prompts)}.")
        wanted = [argument.name for argument in prompts[name].arguments or []]
        given = arguments or {}
        if set(given) != set(wanted):
            raise _refused(f"{name} takes {', '.join(wanted)}, and no other argument.")
        if any(len(str(value)) > LONGEST for value in given.values()):
            raise _refused(f"an argument of {name} has more than {LONGEST:,} characters.")
        return await super().get_prompt(name, arguments, context)


LONGEST = 2000
"""Most characters of a prompt's argument; the same limit as for a query."""


def _refused(words: str) -> MCPError:
    return MCPError(INVALID_PARAMS, words)


def _offered(known: Collection[str]) -> str:
    return f"It has: {', '.join(known)}." if known else "It takes none."


def _in_words(error: ValidationError) -> str:
    """Say which arguments are wrong, and how; at most five. The values given are not repeated: one may be a
    megabyte."""
    faults = error.errors(include_url=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults[:5])
