"""The app. Run it with: streamlit run app.py"""
from kb.ui.pages import navigation

navigation().run()
