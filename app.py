"""The app: a router over the pages in ``forecast/pages``. Start it with ``make app``."""

import streamlit as st

from forecast.pages import address, signed_in
from forecast.pages.shell import tab_title

signed_in.gate()
st.set_page_config(layout="wide", initial_sidebar_state="collapsed")
address.arrive()
page = st.navigation(
    [
        st.Page("forecast/pages/this_week.py", title="This week", url_path="this_week", default=True),
        st.Page("forecast/pages/fit_to_leave.py", title="Fit to leave", url_path="fit_to_leave"),
        st.Page("forecast/pages/covid_flu.py", title="Covid & flu", url_path="covid_flu"),
        st.Page("forecast/pages/flats_beds.py", title="Flats & beds", url_path="flats_beds"),
        st.Page("forecast/pages/pressures.py", title="Pressures", url_path="pressures"),
        st.Page("forecast/pages/track_record.py", title="Track record", url_path="track_record"),
        st.Page("forecast/pages/data.py", title="Data", url_path="data"),
    ],
    position="top",
)
st.set_page_config(page_title=tab_title(page.title))
page.run()
