"""The script that Streamlit runs for every view of the app."""

from kb.ui.pages import navigation

navigation().run()
