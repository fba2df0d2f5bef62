"""A page is drawn when the run that an action asked for has ended, not while the server has yet to hear of it."""

from __future__ import annotations

import signal

import pytest
from selenium.webdriver.common.keys import Keys
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from ui_driving import READY, drawn, element, visit


def test_the_messages_that_are_read_have_their_numbers():
    number = lambda message, name: message.DESCRIPTOR.fields_by_name[name].number
    assert number(BackMsg, "rerun_script") == 11
    assert (number(ClientState, "fragment_id"), number(ClientState, "is_auto_rerun")) == (5, 6)
    assert [number(ForwardMsg, name) for name in ("metadata", "new_session", "script_finished")] == [2, 4, 6]
    assert (number(ForwardMsg().metadata, "run"), number(ForwardMsg().metadata.run, "fragment_ids")) == (6, 2)
    assert ForwardMsg.FINISHED_EARLY_FOR_RERUN == 2


@pytest.mark.slow
def test_a_page_whose_request_the_server_has_not_heard_yet_is_not_drawn(browser, served):
    visit(browser, served.address + "assess")
    name = element(browser, "css selector", "[aria-label='Your name']")
    assert browser.execute_script(READY)
    served.process.send_signal(signal.SIGSTOP)  # a server that has no time
    try:
        name.send_keys("Ada Example", Keys.ENTER)
        state = element(browser, "css selector", "[data-testid=stApp]").get_attribute("data-test-script-state")
        assert state == "notRunning" and not browser.execute_script(READY)
    finally:
        served.process.send_signal(signal.SIGCONT)
    drawn(browser)
    assert browser.execute_script("return window.kbRuns.asked") == 0, "it was answered, and not given up"
