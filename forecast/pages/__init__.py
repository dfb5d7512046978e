"""The pages of the app, one Streamlit file page each. They read a finished run and hold no arithmetic."""
