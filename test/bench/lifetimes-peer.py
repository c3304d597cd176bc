"""BG/NBD and the value of twelve months by lifetimes, on the customers of a CSV, with the CPU seconds of each."""

import json
import sys
import time
import warnings

import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter

warnings.filterwarnings("ignore")

frame = pd.read_csv(sys.argv[1])
p, q, gamma, monthly_discount = (float(value) for value in sys.argv[2:6])


def timed(work):
    started = time.process_time()
    answer = work()
    return answer, time.process_time() - started


fitter, fit_seconds = timed(lambda: BetaGeoFitter().fit(frame.frequency, frame.recency, frame.age))
spender = GammaGammaFitter()
spender.params_ = pd.Series({"p": p, "q": q, "v": gamma})
values, value_seconds = timed(
    lambda: spender.customer_lifetime_value(
        fitter, frame.frequency, frame.recency, frame.age, frame.monetary_value, time=12, discount_rate=monthly_discount, freq="D"
    )
)
parameters = fitter.params_
likelihood = -len(frame) * BetaGeoFitter._negative_log_likelihood(
    np.log(parameters.values), frame.frequency.values, frame.recency.values, frame.age.values, np.ones(len(frame)), 0
)
print(
    json.dumps(
        {
            "parameters": parameters.to_dict(),
            "logLikelihood": float(likelihood),
            "fitSeconds": fit_seconds,
            "valueSeconds": value_seconds,
            "values": float(values.sum()),
        }
    )
)
